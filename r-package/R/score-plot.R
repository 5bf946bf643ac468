#' Calibration of predicted distributions
#'
#' Draws whether observations fall where the distributions say, from their
#' values of [pit()]: as a histogram, which is flat if the distributions hold;
#' as the observed share of responses below the predicted quantile of each
#' level; or as the observed share inside central intervals of each coverage.
#' Grey bands hold each bar or point with probability `level` if the
#' distributions hold and the rows are independent (binomial, point by point).
#'
#' @param x,data,this_y,seed as in [pit()].
#' @param type `"pit"`, `"quantile"` or `"interval"`.
#' @param bins bars of the histogram.
#' @param probs levels of the quantiles, or coverages of the intervals, strictly
#'   between 0 and 1.
#' @param level probability of the band.
#' @param main,xlab,ylab title and labels; `NULL` for those of the type.
#' @param ... further arguments of the plot.
#' @return Invisibly a data frame, a row per bar or level: for `"pit"` `from`,
#'   `to` and `count`, otherwise `nominal` and `observed` (a share); `lower` and
#'   `upper`, the band. Response columns count as further rows; NA does not
#'   count.
#' @source Gneiting, Balabdaoui and Raftery (2007), Probabilistic forecasts,
#'   calibration and sharpness.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(
#'   mcycle$accel, list(~ 1 + s(times, df = 9), ~ 1), data = mcycle
#' )
#' fit(model, verbose = FALSE)
#' plot_calibration(model)
#' shares <- plot_calibration(model, type = "interval")
#' head(shares)
#' }
#' @export
plot_calibration <- function(x, data = NULL, this_y = NULL,
                             type = c("pit", "quantile", "interval"),
                             bins = 10, probs = seq(0.05, 0.95, 0.05),
                             level = 0.95, seed = NULL, main = NULL,
                             xlab = NULL, ylab = NULL, ...) {
  type <- match.arg(type)
  bins <- check_whole(bins, "bins")
  level <- check_number(level, "level", 0, 1)
  probs <- calibration_levels(probs)
  p <- as.vector(pit(x, data, this_y, seed))
  p <- p[!is.na(p)]
  if (length(p) == 0) refuse("plot_calibration(): there is no response to show")
  numbers <- switch(type,
    pit = pit_counts(p, bins, level),
    quantile = observed_shares(p, probs, level),
    interval = observed_shares(abs(2 * p - 1), probs, level)
  )
  words <- calibration_words[[type]]
  draw <- if (type == "pit") draw_pit else draw_shares
  draw(numbers, main %||% words[1], xlab %||% words[2], ylab %||% words[3], ...)
  invisible(numbers)
}

#' Title and labels of each type
#' @noRd
calibration_words <- list(
  pit = c("PIT", "P(Y <= y)", "rows"),
  quantile = c("Quantiles", "level", "share of responses below"),
  interval = c("Central intervals", "coverage", "share of responses inside")
)

calibration_levels <- function(probs) {
  if (!is.numeric(probs) || length(probs) == 0 ||
    !isTRUE(all(probs > 0 & probs < 1))) {
    refuse("probs: expected levels strictly between 0 and 1, got ",
      describe_value(probs)
    )
  }
  sort(probs)
}

pit_counts <- function(p, bins, level) {
  edges <- seq(0, 1, length.out = bins + 1)
  count <- tabulate(findInterval(p, edges, rightmost.closed = TRUE), bins)
  data.frame(
    from = edges[-bins - 1], to = edges[-1], count = count,
    binomial_band(length(p), 1 / bins, level)
  )
}

#' How many of the values lie at or below each level
#' @noRd
observed_shares <- function(values, probs, level) {
  n <- length(values)
  observed <- vapply(probs, function(p) mean(values <= p), 0)
  data.frame(
    nominal = probs, observed = observed, binomial_band(n, probs, level) / n
  )
}

binomial_band <- function(n, p, level) {
  data.frame(
    lower = stats::qbinom((1 - level) / 2, n, p),
    upper = stats::qbinom((1 + level) / 2, n, p)
  )
}

draw_pit <- function(numbers, main, xlab, ylab, ...) {
  graphics::plot(c(0, 1), c(0, max(numbers$count, numbers$upper)),
    type = "n", main = main, xlab = xlab, ylab = ylab, ...
  )
  graphics::rect(0, numbers$lower[1], 1, numbers$upper[1],
    col = "grey85", border = NA
  )
  graphics::abline(h = sum(numbers$count) / nrow(numbers), lty = 2)
  graphics::rect(numbers$from, 0, numbers$to, numbers$count)
}

draw_shares <- function(numbers, main, xlab, ylab, ...) {
  graphics::plot(c(0, 1), c(0, 1),
    type = "n", asp = 1, main = main, xlab = xlab, ylab = ylab, ...
  )
  graphics::polygon(
    c(numbers$nominal, rev(numbers$nominal)),
    c(numbers$lower, rev(numbers$upper)),
    col = "grey85", border = NA
  )
  graphics::abline(0, 1, lty = 2)
  graphics::lines(numbers$nominal, numbers$observed, type = "b", pch = 20)
}
