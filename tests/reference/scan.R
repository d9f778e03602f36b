# Makes the maps of the scan's reference values: Rscript tests/reference/scan.R, from the project's folder.
# Run on 2026-11-30 with R 4.2.2, spData 2.2.1 and sf 1.0-9. What SaTScan printed for these maps stands in the tests that read them.
folder <- "tests/reference"

# Leukemia 1978-82 in 281 tracts of New York (Waller and Gotway 2004): population and cases are those of spData, cases cut
# to whole numbers as SaTScan was given them. The coordinates are stated in the file, to five decimals: those of the
# data set NYleukemia of the package SpatialEpi, which SaTScan was given too.
table <- read.csv(file.path(folder, "scan_new_york.csv"))
tracts <- sf::st_read(system.file("shapes/NY8_utm18.shp", package = "spData"), quiet = TRUE)
table$population <- as.integer(tracts$POP8)
table$cases <- as.integer(floor(tracts$Cases))
stopifnot(nrow(table) == 281, sum(table$population) == 1057673, sum(table$cases) == 552)
table[c("latitude", "longitude")] <- lapply(table[c("latitude", "longitude")], sprintf, fmt = "%.5f")
write.csv(table[, c("population", "cases", "latitude", "longitude")], file.path(folder, "scan_new_york.csv"), row.names = FALSE, quote = FALSE)

# Fever in 192 postal areas of New York City, 1 to 24 November 2001: the figures of SaTScan's sample NYCfever, stated in
# the file, each case by its day. Here they are only added up.
fever <- read.csv(file.path(folder, "scan_fever.csv"), colClasses = c(days = "character"))
days <- as.integer(unlist(strsplit(fever$days, " ")))
stopifnot(nrow(fever) == 192, length(days) == 194, days >= 1, days <= 24)
