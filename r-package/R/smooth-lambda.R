# lambda of a penalised regression X, S from degrees of freedom, by the
# Demmler-Reinsch orthogonalisation: with A = X'X + 1e-9 S = R'R and d the
# singular values of R^-T S R^-1,
#   df(lambda) = sum 1 / (1 + lambda d)                           (hat1)
#   df(lambda) = 2 sum 1 / (1 + lambda d) - sum 1 / (1 + lambda d)^2
lambda_from_df <- function(X, S, df, hat1, term, warn = FALSE) {
  rank <- qr(X)$rank
  if (df >= rank) {
    if (warn && df > rank) warn_df(df, rank, term)
    return(0)
  }
  d <- demmler_reinsch(X, S)
  smallest <- df_of_lambda(1e16, d, hat1)
  if (!(df > smallest)) {
    abort_spec("term_error", "term '", term, "': df = ", format(df),
               " is too small, the unpenalised part of the basis alone ",
               "has ", format(smallest, digits = 4L), "; give a larger `df`")
  }
  solve_lambda(d, df, hat1)
}

warn_df <- function(df, rank, term) {
  warn_spec("unpenalised", "term '", term, "': df = ", format(df),
            " exceeds the rank ", rank, " of the basis; the smooth is not ",
            "penalised (raise `k` or lower `df`)")
}

df_of_lambda <- function(lambda, d, hat1) {
  shrink <- 1 / (1 + lambda * d)
  if (hat1) sum(shrink) else 2 * sum(shrink) - sum(shrink^2)
}

demmler_reinsch <- function(X, S) {
  A <- crossprod(X) + 1e-9 * S
  R <- tryCatch(chol(A), error = function(e) chol(positive_definite(A)))
  inverse <- backsolve(R, diag(ncol(R)))
  d <- svd(crossprod(inverse, S %*% inverse), nu = 0L, nv = 0L)$d
  # Rounding must not penalise the null space.
  ifelse(d > max(d) * length(d) * 1e-14, d, 0)
}

# The nearest matrix whose eigenvalues are all clearly positive.
positive_definite <- function(A) {
  e <- eigen(A, symmetric = TRUE)
  values <- pmax(e$values, max(e$values) * 1e-12)
  e$vectors %*% (values * t(e$vectors))
}

# Searched on the log scale, where df(lambda) is well conditioned.
solve_lambda <- function(d, df, hat1) {
  gap <- function(log_lambda) df_of_lambda(exp(log_lambda), d, hat1) - df
  low <- -20
  while (gap(low) < 0 && low > -200) low <- low - 20
  exp(stats::uniroot(gap, c(low, log(1e16)), tol = 1e-13, maxiter = 1000L)$root)
}
