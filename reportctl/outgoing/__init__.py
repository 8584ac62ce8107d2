"""The workbooks that go to the units."""
