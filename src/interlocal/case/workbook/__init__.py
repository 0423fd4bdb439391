"""A case, or another document, as an Excel workbook, both ways: a sheet per section, without loss."""
