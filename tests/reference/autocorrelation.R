# Makes the reference values of the autocorrelation tests: Rscript tests/reference/autocorrelation.R, from the project's folder.
# Values in the CSV files beside it were made on 2026-11-25 with R 4.2.2, spdep 1.2-7 and spData 2.2.1 (Columbus, SIDS).
suppressMessages({ library(spdep); library(sf) })
folder <- "tests/reference"
write <- function(table, name) write.csv(format(table, digits = 15, trim = TRUE), file.path(folder, name), row.names = FALSE, quote = FALSE)
links <- function(nb) vapply(nb, function(x) paste(x[x > 0] - 1, collapse = " "), "")

# 49 neighbourhoods of Columbus, Ohio (Anselin 1988): queen neighbours, and the four nearest, which are not mutual.
columbus <- st_read(system.file("shapes/columbus.shp", package = "spData"), quiet = TRUE)
queen <- poly2nb(columbus)
nearest <- knn2nb(knearneigh(st_coordinates(suppressWarnings(st_centroid(st_geometry(columbus)))), k = 4))
crime <- columbus$CRIME; inc <- columbus$INC; hoval <- columbus$HOVAL
high <- as.integer(crime > 50)
w <- nb2listw(queen, style = "W"); b <- nb2listw(queen, style = "B")
local <- data.frame(CRIME = crime, INC = inc, HOVAL = hoval, high = high, queen = links(queen), nearest = links(nearest))
local$moran <- localmoran(crime, w)[, "Ii"]
local$moran_mean_n <- localmoran(crime, w, mlvar = FALSE)[, "Ii"]
local$g <- as.numeric(localG(crime, b))
local$g_star <- as.numeric(localG(crime, nb2listw(include.self(queen), style = "B")))
local$geary <- localC(crime, w)
local$geary_three <- localC(cbind(crime, inc, hoval), w)
local$bivariate <- localmoran_bv(inc, crime, w, nsim = 19)[, "Ibvi"]
local$lee <- lee(inc, crime, w, n = 49)$localL
set.seed(1)
local$bb <- local_joincount_uni(factor(high), "1", b, nsim = 199, alternative = "greater", iseed = 1)[, 1]
perm <- localmoran_perm(crime, w, nsim = 9999, iseed = 1)
local$moran_p <- perm[, "Pr(z != E(Ii)) Sim"]
local$moran_folded <- perm[, "Pr(folded) Sim"]
write(local, "autocorrelation_columbus.csv")

row <- function(name, weights, found, moments = found$estimate) {
  data.frame(name = name, weights = weights, statistic = moments[[1]], expected = moments[[2]], variance = moments[[3]], z = found$statistic[[1]])
}
global <- do.call(rbind, lapply(list(list("queen", "W", w), list("queen", "B", b), list("nearest", "W", nb2listw(nearest, style = "W"))), function(kind) {
  weights <- paste(kind[[1]], kind[[2]]); lw <- kind[[3]]
  joins <- joincount.test(factor(high), lw)
  every <- joincount.multi(factor(high), lw)
  rbind(row("moran", weights, moran.test(crime, lw, alternative = "two.sided")),
        row("moran_normal", weights, moran.test(crime, lw, randomisation = FALSE, alternative = "two.sided")),
        row("geary", weights, geary.test(crime, lw, alternative = "two.sided")),
        row("g", weights, globalG.test(crime, lw, alternative = "two.sided")),
        row("ww", weights, joins[[1]]), row("bb", weights, joins[[2]]),
        data.frame(name = "bw", weights = weights, statistic = every["1:0", 1], expected = every["1:0", 2], variance = every["1:0", 3], z = every["1:0", 4]),
        data.frame(name = "lee", weights = weights, statistic = lee(inc, crime, lw, n = 49)$L, expected = lee.test(inc, crime, lw)$estimate[[2]],
                   variance = lee.test(inc, crime, lw)$estimate[[3]], z = lee.test(inc, crime, lw)$statistic[[1]]),
        data.frame(name = "lee_itself", weights = weights, statistic = lee(crime, crime, lw, n = 49)$L, expected = NA, variance = NA, z = NA),
        data.frame(name = "bivariate", weights = weights, statistic = moran_bv(inc, crime, lw, nsim = 9)$t0[[1]], expected = NA, variance = NA, z = NA))
}))
write(global, "autocorrelation_global.csv")

# Lee's L, places dealt out with both their values: the draws themselves.
set.seed(1)
drawn <- lee.mc(inc, crime, w, nsim = 19999)$res[1:19999]
write(data.frame(draws = 19999, mean = mean(drawn), variance = var(drawn)), "autocorrelation_lee.csv")

# An island: five on a line and one apart; spdep leaves it out of n or not, as adjust.n says.
line <- structure(list(2L, c(1L, 3L), c(2L, 4L), c(3L, 5L), 4L, 0L), class = "nb", region.id = as.character(1:6))
lw <- nb2listw(line, style = "W", zero.policy = TRUE); values <- c(1, 2, 3, 8, 9, 7)
apart <- do.call(rbind, lapply(c(TRUE, FALSE), function(adjust) {
  found <- moran.test(values, lw, zero.policy = TRUE, adjust.n = adjust)
  other <- geary.test(values, lw, zero.policy = TRUE, adjust.n = adjust)
  data.frame(name = c("moran", "geary"), adjusted = adjust, statistic = c(found$estimate[[1]], other$estimate[[1]]),
             expected = c(found$estimate[[2]], other$estimate[[2]]), variance = c(found$estimate[[3]], other$estimate[[3]]))
}))
write(apart, "autocorrelation_island.csv")

# 100 counties of North Carolina: sudden infant deaths 1974-78 among births (Cressie 1993).
sids <- st_read(system.file("shapes/sids.shp", package = "spData"), quiet = TRUE)
queen <- poly2nb(sids)
observed <- sids$SID74; births <- sids$BIR74
eb <- EBest(observed, births)
v <- attr(eb, "parameters")$a + attr(eb, "parameters")$b / births
map <- probmap(observed, births)
rates <- data.frame(observed, births, queen = links(queen), eb = eb$estmm, z = (eb$raw - attr(eb, "parameters")$b) / sqrt(v))
rates$eb_local <- EBlocal(observed, births, queen)$est
rates$eb_local_geoda <- EBlocal(observed, births, queen, geoda = TRUE)$est
rates$expected <- map$expCount
rates$ratio <- map$relRisk / 100
limits <- t(vapply(seq_along(observed), function(i) poisson.test(observed[i], map$expCount[i])$conf.int[1:2], c(0, 0)))
rates$lower <- limits[, 1]; rates$upper <- limits[, 2]
rates$at_most <- map$pmap
moran_eb <- EBImoran.mc(observed, births, nb2listw(queen, style = "W"), nsim = 99)$statistic
rates$moran <- rep(moran_eb[[1]], length(observed))
write(rates, "autocorrelation_rates.csv")

# Funnel limits of Spiegelhalter (2005): interpolated Poisson quantiles.
funnel <- do.call(rbind, lapply(c(0.7, 3, 5, 12.5, 50, 240), function(e) {
  p <- c(0.001, 0.025, 0.975, 0.999); r <- qpois(p, e)
  limit <- pmax((r - (ppois(r, e) - p) / dpois(r, e)) / e, 0)
  data.frame(expected = e, level = p, limit = limit)
}))
write(funnel, "autocorrelation_funnel.csv")
