#' Probability integral transform
#'
#' P(Y <= y) at what was observed: uniform on (0, 1) if the distributions hold.
#' Where y has a probability of its own (counts; zeros of an inflated family;
#' the ends of a censored one) the value is drawn uniformly between P(Y < y) and
#' P(Y <= y), so that it is uniform all the same.
#'
#' @param x,data,this_y as in [log_score()].
#' @param seed of the draws; `NULL` continues R's own random numbers.
#' @return A matrix (n, m) of numbers in \[0, 1\]; NA where the response or the
#'   data are.
#' @section Errors: a family without a distribution function, naming what it
#'   has.
#' @source Dunn and Smyth (1996), Randomized quantile residuals; Czado,
#'   Gneiting and Held (2009), Predictive model assessment for count data.
#' @seealso [plot_calibration()]; [residuals.deepregression()] for their normal
#'   quantiles.
#' @examples
#' \donttest{
#' set.seed(1)
#' y <- rpois(100, 3)
#' hist(pit(tfd_poisson(rate = rep(3, 100)), this_y = y, seed = 2))
#' }
#' @export
pit <- function(x, data = NULL, this_y = NULL, seed = NULL) {
  rows <- scored_rows(x, data, this_y, "pit()")
  check_likelihood(x, "pit()")
  with_seed(seed, distribution_position(rows$distribution, rows$y))
}

#' Where y lies in its distribution: P(Y <= y), drawn over the jump there
#' @noRd
distribution_position <- function(distribution, y) {
  if (is_censored(distribution$family)) {
    return(censored_position(distribution, y))
  }
  p <- distribution_answer(distribution, "cdf", y)
  below <- distribution_answer(distribution, "cdf_below", y)
  jump <- p - below
  if (any(jump > 0, na.rm = TRUE)) {
    p <- below + jump * stats::runif(length(p))
  }
  p
}
