# Makes the reference values of the density tests: Rscript tests/reference/density.R, from the project's folder.
# Values in the CSV files beside it were made on 2026-11-25 with R 4.2.2, spatstat.explore 3.0-6, spatstat.linnet 3.0-6
# and sparr 2.2-17 (Debian 12). R's density.ppp and sparr's fixed kernels snap incidents to pixels: 1024 of them here.
suppressMessages({ library(spatstat.explore); library(spatstat.linnet); library(spatstat.random); library(sparr) })
folder <- "tests/reference"
write <- function(table, name) write.csv(format(table, digits = 12, trim = TRUE), file.path(folder, name), row.names = FALSE, quote = FALSE)

# The 200 points of tests/stats/conftest.py: a linear congruential generator in exact halves.
state <- 12345; u <- numeric(400)
for (k in 1:400) {
  high <- floor(1103515245 / 65536); low <- 1103515245 %% 65536
  state <- ((((high * state) %% 2^31) * 65536) %% 2^31 + low * state + 12345) %% 2^31
  u[k] <- state / 2^31
}
z <- matrix(qnorm(u), ncol = 2, byrow = TRUE)
xy <- rbind(sweep(60 * z[1:100, ], 2, c(300, 400), "+"), sweep(90 * z[101:200, ], 2, c(700, 600), "+"))
xy <- pmin(pmax(xy, 0), 1000)
pattern <- ppp(xy[, 1], xy[, 2], window = square(1000))
pines <- swedishpines
write(data.frame(x = pines$x, y = pines$y), "density_pines.csv")

# Bandwidths, and the criteria they are the best of.
of <- function(name, X, from, to) {
  diggle <- bw.diggle(X, correction = "translate", nr = 2049); none <- bw.diggle(X, correction = "none", nr = 2049)
  cvl <- bw.CvL(X, srange = c(from, to), ns = 2000); ppl <- bw.ppl(X, srange = c(from, to), ns = 400, shortcut = FALSE)
  iso <- bw.scott.iso(X); axes <- bw.scott(X)
  rows <- data.frame(rule = c("diggle_translate", "diggle_none", "cronie_van_lieshout", "ppl", "scott", "scott_x", "scott_y", "normal_scale", "oversmoothing"),
                     sigma = c(diggle, none, cvl, ppl, iso, axes, NS(X), OS(X)))
  cbind(data = name, rows)
}
lines <- sapply(1:2, function(k) bw.SJ(xy[, k], nb = 20000, method = "ste", tol = 1e-8))
write(rbind(of("pattern", pattern, 10, 500), of("pines", pines, 1, 60),
            data.frame(data = "pattern", rule = c("sheather_jones_x", "sheather_jones_y"), sigma = lines)), "density_bandwidths.csv")

# Diggle's criterion itself, at some bandwidths.
criterion <- function(name, X, correction) {
  found <- bw.diggle(X, correction = correction, nr = 2049); at <- seq(40, length(attr(found, "h")), by = 60)
  data.frame(data = name, correction = correction, sigma = attr(found, "h")[at], value = attr(found, "cv")[at])
}
write(rbind(criterion("pattern", pattern, "none"), criterion("pattern", pattern, "translate"),
            criterion("pines", pines, "none"), criterion("pines", pines, "translate")), "density_diggle.csv")

# Adaptive: densities at pixel centres, three corrections of the edge. sparr reads the pilot at the nearest pixel.
adaptive <- function(edge, resolution) {
  f <- bivariate.density(pattern, h0 = 50, hp = 50, adapt = TRUE, resolution = resolution, edge = edge, intensity = TRUE, verbose = FALSE)
  at <- expand.grid(column = round(resolution * seq(0.02, 1, by = 0.15)), row = round(resolution * seq(0.02, 1, by = 0.15)))
  data.frame(edge = edge, x = f$z$xcol[at$column], y = f$z$yrow[at$row], intensity = f$z$v[cbind(at$row, at$column)])
}
write(rbind(adaptive("none", 400), adaptive("diggle", 400), adaptive("uniform", 100)), "density_adaptive.csv")

# Relative risk with its asymptotic p: every third incident a case. Fixed and adaptive.
case <- seq_len(200) %% 3 == 0
one <- function(h, resolution, adapt) {
  f <- bivariate.density(pattern[case], h0 = h, hp = h, adapt = adapt, resolution = resolution, edge = if (adapt) "none" else "uniform", verbose = FALSE)
  g <- bivariate.density(pattern[!case], h0 = h, hp = h, adapt = adapt, resolution = resolution, edge = if (adapt) "none" else "uniform", verbose = FALSE)
  found <- risk(f, g, verbose = FALSE)
  pooled <- if (adapt) NULL else bivariate.density(pattern, h0 = h, resolution = resolution, edge = "uniform", verbose = FALSE)
  p <- if (adapt) NULL else tolerance(found, ref.density = pooled, verbose = FALSE)
  step <- resolution / 16
  at <- expand.grid(column = round(seq(step / 2, resolution, by = step)), row = round(seq(step / 2, resolution, by = step)))
  pick <- cbind(at$row, at$column)
  rows <- data.frame(adaptive = adapt, x = found$rr$xcol[at$column], y = found$rr$yrow[at$row], f = f$z$v[pick], g = g$z$v[pick],
                     log_ratio = found$rr$v[pick], pvalue = if (adapt) NA else p$v[pick])
  rows[rows$g > 1e-3 * max(rows$g) & rows$f > 1e-3 * max(rows$f), ]
}
write(rbind(one(100, 1024, FALSE), one(100, 64, TRUE)), "density_risk.csv")

# Along streets: spatstat's own little network, five incidents, equal split both ways.
write(with(as.data.frame(as.psp(simplenet)), data.frame(x0, y0, x1, y1)), "density_streets.csv")
set.seed(4); on <- runiflpp(5, simplenet); where <- coords(on)
write(data.frame(street = where$seg, share = where$tp), "density_street_incidents.csv")
split <- function(kernel, continuous, sigma) {
  found <- densityEqualSplit(on, sigma = sigma, kernel = kernel, continuous = continuous, epsilon = 1e-12, verbose = FALSE)
  rows <- attr(found, "df"); rows <- rows[seq(1, nrow(rows), length.out = 60), ]
  data.frame(kernel = kernel, continuous = continuous, sigma = sigma, street = rows$mapXY, share = rows$tp, density = rows$values)
}
write(rbind(split("epanechnikov", TRUE, 0.08), split("epanechnikov", FALSE, 0.08), split("biweight", TRUE, 0.08), split("biweight", FALSE, 0.08)), "density_split.csv")

# Space and time: the pattern's incidents on days of their own.
day <- (seq_along(xy[, 1]) * 37) %% 365
found <- spattemp.density(pattern, h = 60, tt = day, lambda = 20, tlim = c(-200, 600), sedge = "none", tedge = "none", sres = 256, verbose = FALSE)
at <- expand.grid(column = c(77, 90, 154, 180), row = c(77, 102, 141, 154), layer = c(260, 301, 402))
times <- as.numeric(names(found$z))
write(data.frame(x = found$z[[1]]$xcol[at$column], y = found$z[[1]]$yrow[at$row], day = times[at$layer],
                 density = mapply(function(i, j, k) found$z[[k]]$v[i, j], at$row, at$column, at$layer)), "density_space_time.csv")
