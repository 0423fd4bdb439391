"""A case as an Excel workbook, both ways: a sheet per section, without loss."""
