# The penalty matrices of a smooth object with one lambda each, before
# constraints: list(matrices, lambdas). Each row of the design counts `times`.
smooth_penalty <- function(object, options, penalty, term, times = 1) {
  # Some bases name their list of penalties; in JSON that would be an object.
  matrices <- lapply(unname(object$S), unname)
  if (!length(matrices)) return(list(matrices = list(), lambdas = numeric()))
  lambdas <- if (!is.null(options$sp)) {
    check_sp(options$sp, length(matrices), term)
  } else if (!is.null(penalty$defaultSmoothing)) {
    check_sp(penalty$defaultSmoothing(object, options$df), length(matrices),
             term)
  } else {
    lambdas_from_df(object, matrices, options, penalty, term, times)
  }
  list(matrices = matrices, lambdas = lambdas)
}

# The penalty of the null space, which mgcv appends, gets lambda 1.
lambdas_from_df <- function(object, matrices, options, penalty, term, times) {
  null_space <- penalty$null_space_penalty && has_null_space_penalty(matrices)
  wiggly <- if (null_space) utils::head(matrices, -1L) else matrices
  margins <- object$margin
  per_margin <- penalty$anisotropic && length(margins) > 1L &&
    length(margins) == length(wiggly)
  lambda <- function(X, S) {
    lambda_from_df(X * sqrt(times), S, options$df, penalty$hat1, term,
                   options$df_given)
  }
  lambdas <- if (per_margin) {
    margin_lambdas(object, wiggly, lambda)
  } else {
    rep(lambda(object$X, Reduce(`+`, wiggly)), length(wiggly))
  }
  c(lambdas, if (null_space) 1)
}

# mgcv appends a projection onto what the other penalties leave free, unless
# they leave nothing free.
has_null_space_penalty <- function(S) {
  if (length(S) < 2L) return(FALSE)
  last <- S[[length(S)]]
  others <- Reduce(`+`, S[-length(S)])
  idempotent <- isTRUE(all.equal(last %*% last, last, check.attributes = FALSE))
  idempotent && max(abs(last %*% others)) < 1e-6 * max(abs(others))
}

# lambda of each margin from the margin's design and its penalty, scaled as it
# enters the tensor product.
margin_lambdas <- function(object, matrices, lambda) {
  vapply(seq_along(object$margin), function(i) {
    X <- object$margin[[i]]$X
    lambda(X, margin_penalty(object, i, ncol(X), matrices[[i]]))
  }, 0)
}

# The tensor penalty is I (x) S_i (x) I: its diagonal block is S_i.
margin_penalty <- function(object, i, k, tensor) {
  sizes <- vapply(object$margin, function(m) ncol(m$X), 1L)
  after <- prod(sizes[seq_along(sizes) > i])
  index <- 1 + after * (seq_len(k) - 1)
  tensor[index, index, drop = FALSE]
}

check_sp <- function(sp, count, term) {
  if (!is.numeric(sp) || anyNA(sp) || any(sp < 0) ||
        !length(sp) %in% c(1L, count)) {
    abort_spec("term_error", "term '", term, "': expected `sp` of 1 or ",
               count, " numbers >= 0, got ", text_of(sp))
  }
  rep_len(as.numeric(sp), count)
}
