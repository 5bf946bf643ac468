# Wood's tests that a smooth is zero, from coefficients, their information H,
# the penalty S and the covariances V = (H + S)^-1 and V H V.

# Eigenvalues below this share of the largest are zero, as mgcv has it.
zero_eigenvalue <- .Machine$double.eps^0.8

#' The test of a function: b' V_r b, with V_r the inverse of V cut to r
#' dimensions, where r need not be whole
#'
#' In the directions of the function's values, of which H is the cross product.
#' The last two dimensions share what r has beyond a whole number; as the sign
#' of an eigenvector decides how, the p-value is the mean of both ways, and the
#' statistic that of one.
#' @param r reference degrees of freedom.
#' @source Wood (2013), On p-values for smooth components of an extended
#'   generalized additive model, Biometrika 100, section 3.
#' @return A list: df, statistic, p.
#' @noRd
function_test <- function(found, at, r) {
  R <- qr.R(qr(symmetric_root(found$hessian[at, at, drop = FALSE]), tol = 0))
  V <- R %*% found$vcov[at, at, drop = FALSE] %*% t(R)
  e <- eigen((V + t(V)) / 2, symmetric = TRUE)
  r <- max(1, min(r, sum(e$values > e$values[1] * .Machine$double.eps^0.9)))
  # Coordinates of the function in units of their standard errors; the first
  # entry of an eigenvector is positive.
  k <- ceiling(r)
  signs <- ifelse(e$vectors[1, ] < 0, -1, 1)
  z <- drop(crossprod(e$vectors, R %*% found$coefficients[at])) * signs
  z <- (z / sqrt(e$values))[seq_len(k)]
  nu <- r - floor(r)
  if (nu == 0) {
    p <- stats::pchisq(sum(z^2), r, lower.tail = FALSE)
    return(list(df = r, statistic = sum(z^2), p = p))
  }
  shared <- sqrt(nu * (1 - nu) / 2) * 2 * z[k - 1] * z[k]
  statistics <- sum(z[-k]^2) + nu * z[k]^2 + c(shared, -shared)
  last <- (nu + 1 + c(1, -1) * sqrt(1 - nu^2)) / 2
  weights <- c(rep(1, k - 2), last)
  p <- mean(vapply(statistics, mgcv_chisq_sum, 0, weights = weights))
  list(df = r, statistic = statistics[1], p = min(1, p))
}

#' The test of a variance, for effects that the penalty shrinks to zero
#'
#' The statistic is b' M b, with M^-1 the covariance of the penalised estimates
#' given that other random effects vary; for coefficients of zero b is normal
#' with a covariance to which those effects contribute, so that the statistic
#' is a weighted sum of chi-squares.
#' @param others places of the other random effects.
#' @source Wood (2013), A simple test for random effects in regression models,
#'   Biometrika 100; `re.test` of [mgcv::summary.gam()].
#' @return As [function_test()]; df is the number of chi-squares.
#' @noRd
variance_test <- function(found, at, others) {
  # Covariance of the score.
  A <- found$hessian
  if (length(others) > 0) {
    spread <- symmetric_inverse(found$penalty[others, others, drop = FALSE])
    A <- A + A[, others] %*% spread %*% A[others, ]
  }
  rest <- setdiff(seq_len(ncol(A)), c(at, others))
  M <- schur_complement(A + found$penalty, at, rest)
  V <- found$vcov[at, , drop = FALSE]
  root <- symmetric_root(M)
  statistic <- sum((root %*% found$coefficients[at])^2)
  weights <- eigen(root %*% (V %*% A %*% t(V)) %*% t(root), TRUE,
    only.values = TRUE
  )$values
  weights <- weights[weights > max(weights) * zero_eigenvalue]
  list(
    df = length(weights), statistic = statistic,
    p = mgcv_chisq_sum(statistic, weights)
  )
}

#' M[a, a] less what b explains of it
#' @noRd
schur_complement <- function(M, a, b) {
  out <- M[a, a, drop = FALSE]
  if (length(b) == 0) {
    return(out)
  }
  between <- M[a, b, drop = FALSE]
  out - between %*% symmetric_inverse(M[b, b, drop = FALSE]) %*% t(between)
}

#' The pseudo-inverse of a symmetric matrix without negative eigenvalues
#' @noRd
symmetric_inverse <- function(A) {
  e <- eigen((A + t(A)) / 2, symmetric = TRUE)
  kept <- e$values > max(e$values) * zero_eigenvalue
  vectors <- e$vectors[, kept, drop = FALSE]
  vectors %*% (t(vectors) / e$values[kept])
}

#' R with R'R = A, for a symmetric matrix without negative eigenvalues
#' @noRd
symmetric_root <- function(A) {
  e <- eigen((A + t(A)) / 2, symmetric = TRUE)
  sqrt(pmax(e$values, 0)) * t(e$vectors)
}
