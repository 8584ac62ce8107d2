"""One office's folder: settings, units over time and their groups, tables that people keep, the stock."""
