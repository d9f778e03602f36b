# Makes the reference values of the space-time tests: Rscript tests/reference/space_time.R, from the project's folder.
# Values in the CSV files beside it were made on 2026-11-25 with R 4.2.2, surveillance 1.20.3 and circular 0.4-95.
suppressMessages({ library(surveillance); library(circular) })
folder <- "tests/reference"
write <- function(table, name) write.csv(format(table, digits = 15, trim = TRUE), file.path(folder, name), row.names = FALSE, quote = FALSE)

# Change between two periods: poisson.test's interval is Clopper and Pearson's.
pairs <- rbind(c(20, 10, 1, 1), c(0, 3, 1, 1), c(6, 2, 1, 1), c(207, 110, 365, 365), c(5, 9, 30, 365), c(12, 12, 90, 45), c(7, 0, 1, 1))
tested <- t(apply(pairs, 1, function(x) {
  found <- poisson.test(c(x[2], x[1]), c(x[4], x[3]))
  c(x, found$estimate, found$conf.int, found$p.value)
}))
colnames(tested) <- c("before", "after", "days_before", "days_after", "ratio", "lower", "upper", "pvalue")
write(tested, "period_change.csv")

# Mann-Kendall: Kendall's test of a series against its steps, normal with continuity, is the same with ties.
series <- list(c(1, 2, 3, 4, 5), c(5, 3, 4, 4, 1, 2, 2, 6), c(0, 0, 0, 1, 0, 2, 2, 3, 1, 4), c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9),
               c(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), c(12, 11, 11, 9, 9, 9, 4, 5, 2, 2, 1, 0, 0))
tested <- do.call(rbind, lapply(series, function(x) {
  found <- cor.test(seq_along(x), x, method = "kendall", exact = FALSE, continuity = TRUE)
  data.frame(series = paste(x, collapse = " "), z = found$statistic, pvalue = found$p.value)
}))
write(tested, "mann_kendall.csv")

# Near repeats: surveillance counts pairs at most eps apart, so its limits are put between whole numbers.
incidents <- read.csv(file.path(folder, "near_repeat_incidents.csv"))
apart <- dist(incidents[, c("x", "y")]); gap <- dist(incidents$day)
set.seed(1)
tested <- do.call(rbind, lapply(list(c(50, 7), c(100, 7), c(100, 14), c(200, 7), c(400, 28)), function(limit) {
  invisible(capture.output(found <- knox(gap, apart, eps.t = limit[2] - 0.5, eps.s = limit[1], simulate.p.value = TRUE, B = 9999)))
  data.frame(within_m = limit[1], within_days = limit[2], pairs = found$statistic, expected = found$null.value, pvalue = found$p.value)
}))
write(tested, "near_repeat.csv")

# Hours of the day: mean direction, resultant and von Mises density with the concentration of one hour.
hours <- c(22, 23, 0, 1, 2, 2, 14)
clock <- circular(hours, units = "hours", template = "clock24")
radians <- circular(hours * 2 * pi / 24)
at <- 0:23
density <- density.circular(radians, z = circular(at * 2 * pi / 24), bw = (24 / (2 * pi))^2, kernel = "vonmises")$y * 2 * pi / 24
write(data.frame(hour = at, density = density, mean_hour = as.numeric(mean(radians)) * 24 / (2 * pi), resultant = rho.circular(radians)), "hours.csv")
