"""Who could share what with whom: a region's governments, its cost curves, the scan and the grouping."""
