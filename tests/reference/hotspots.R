# Makes the reference values of the hot-spot tests: Rscript tests/reference/hotspots.R, from the project's folder.
# Values in the CSV files beside it were made on 2026-11-25 with R 4.2.2 (package stats alone).
folder <- "tests/reference"
write <- function(table, name) write.csv(format(table, digits = 15, trim = TRUE), file.path(folder, name), row.names = FALSE, quote = FALSE)

# Limits of a negative binomial mean of known size: where pnbinom gives 2.5 % to as many or more, as few or fewer.
limit <- function(n, size, lower) {
  if (lower && n == 0) return(0)
  missed <- function(log_mean) {
    if (lower) pnbinom(n - 1, size = size, mu = exp(log_mean), lower.tail = FALSE) - .025
    else pnbinom(n, size = size, mu = exp(log_mean)) - .025
  }
  exp(uniroot(missed, c(-25, 25), tol = 1e-14)$root)
}
asked <- expand.grid(n = c(0, 1, 3, 8, 40, 316), size = c(.6, 1.5, 3, 9, 36, 400))
asked$low <- mapply(limit, asked$n, asked$size, TRUE)
asked$high <- mapply(limit, asked$n, asked$size, FALSE)
write(asked, "hotspots_interval.csv")

# Counts of 0 and 1 in strata: the exact test of Cochran, Mantel and Haenszel of being in the neighbourhood.
side <- 6
cells <- expand.grid(col = 0:(side - 1), row = 0:(side - 1))
cells$count <- as.integer(strsplit("010010110001011000100110000100101000", "")[[1]])
cells$stratum <- cells$col %/% 2
tested <- do.call(rbind, lapply(seq_len(nrow(cells)), function(i) {
  inside <- factor(pmax(abs(cells$row - cells$row[i]), abs(cells$col - cells$col[i])) <= 1, c(TRUE, FALSE))
  table <- table(inside, factor(cells$count, 1:0), cells$stratum)
  table <- table[, , apply(table, 3, function(x) all(rowSums(x) > 0)), drop = FALSE] # a stratum outside adds nothing
  p <- function(side) {
    if (dim(table)[3] == 1) fisher.test(table[, , 1], alternative = side)$p.value
    else mantelhaen.test(table, exact = TRUE, alternative = side)$p.value
  }
  data.frame(row = cells$row[i], col = cells$col[i], count = cells$count[i], stratum = cells$stratum[i],
             upper = p("greater"), lower = p("less"))
}))
write(tested, "hotspots_strata.csv")
