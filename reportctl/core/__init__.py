"""What everything speaks: language, period, findings, table, wording, files written safely."""
