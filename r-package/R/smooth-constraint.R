# The transform Z of a smooth's columns that removes the constant and, on
# request, the linear trend over the training data: X Z has columns that sum to
# zero (and are orthogonal to x). NULL when nothing is to be removed.
smooth_constraint <- function(objects, options, penalty, data) {
  object <- objects[[1L]]
  if (isTRUE(options$zerocons)) {
    zero <- TRUE
  } else {
    eligible <- length(objects) == 1L && object$dim == 1L &&
      is.null(object$by.level) && is_centred_by_mgcv(object) &&
      !penalty$absorb_cons
    zero <- eligible && !identical(options$zerocons, FALSE) &&
      penalty$zero_constraint_for_smooths
  }
  x <- if (penalty$no_linear_trend_for_smooths && length(objects) == 1L) {
    trend_variable(object, data)
  }
  C <- cbind(if (zero && !is_centred(object$X)) colSums(object$X),
             if (!is.null(x)) crossprod(object$X, x))
  if (is.null(C)) NULL else null_space(C)
}

# Sums that are rounding errors of zero: mgcv has absorbed the constraint, and
# another one would take away a function.
is_centred <- function(X) {
  max(abs(colSums(X))) < 1e-10 * max(colSums(abs(X)))
}

# mgcv marks smooths that need no centring (random effects, most numeric `by`)
# by a constraint matrix without rows.
is_centred_by_mgcv <- function(object) {
  is.null(object$C) || !is.matrix(object$C) || nrow(object$C) > 0L
}

trend_variable <- function(object, data) {
  if (object$dim != 1L || inherits(object, "random.effect")) return(NULL)
  x <- eval(parse(text = object$term)[[1L]], data, baseenv())
  if (is.numeric(x) && is.null(dim(x))) as.numeric(x)
}

# Orthonormal basis of the vectors w with C'w = 0; C is (k, constraints).
null_space <- function(C) {
  decomposition <- qr(C)
  qr.Q(decomposition, complete = TRUE)[, -seq_len(decomposition$rank),
                                       drop = FALSE]
}
