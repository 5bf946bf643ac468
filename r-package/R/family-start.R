# Where a fit starts for families that the engine has no starting values for:
# those with a log-density, parameters or links of the user's own. Constant
# linear predictors are searched that make the response likely.

#' Does the engine lack starting values for this specification?
#' @noRd
needs_start <- function(spec) {
  if (!is.list(spec)) {
    return(FALSE)
  }
  own <- vapply(spec$links, is.list, NA)
  spec$name %in% c("custom", "composed") || any(own) ||
    any(vapply(spec$components, needs_start, NA))
}

#' Put starting values into the specification of a family that needs them
#' @param y the response, (n) or (n, m).
#' @noRd
with_start <- function(family, y) {
  if (!needs_start(family$spec) || family$is_multivariate) {
    return(family)
  }
  rows <- which(complete_rows(y))
  y <- as.matrix(y)[rows[in_support(as.matrix(y)[rows, ], family)], ,
    drop = FALSE
  ]
  if (nrow(y) > 0) {
    margin <- describe_family(family$spec, 1)
    columns <- lapply(seq_len(ncol(y)), function(j) {
      starting_values(margin, sort(y[, j]))
    })
    # All columns of the first parameter, then those of the next.
    eta <- as.vector(t(do.call(cbind, columns)))
    family$spec$start <- lapply(eta, exact_number)
  }
  family
}

#' Constant linear predictors, (q), for a sorted response
#'
#' Components of a mixture start at consecutive parts of the response, so that
#' they start apart.
#' @noRd
starting_values <- function(family, y) {
  if (!family$spec$name %in% c("mixture", "inflated")) {
    return(likely_predictors(family, y))
  }
  parts <- mixture_parts(family)
  inflated <- y %in% parts$points
  rest <- if (all(inflated)) y else y[!inflated]
  k <- length(parts$components)
  slice <- ceiling(seq_along(rest) * k / length(rest))
  own <- Map(function(component, i) {
    mine <- rest[slice == i]
    likely_predictors(component, if (length(mine) > 0) mine else rest)
  }, parts$components, seq_len(k))
  count <- vapply(parts$points, function(point) sum(y == point), 0L)
  odds <- if (length(count)) {
    log((count + 0.5) / (length(y) - sum(count) + 0.5))
  } else {
    rep(0, k - 1)
  }
  c(odds, unlist(own))
}

#' The likeliest of some constant linear predictors, refined one by one
#' @noRd
likely_predictors <- function(family, y, most = 50) {
  y <- y[unique(round(seq(1, length(y), length.out = min(most, length(y)))))]
  grid <- predictor_grid(y)
  q <- length(family$parameters)
  eta <- rep(0, q)
  if (q <= 3) {
    eta <- best_of(family, y, as.matrix(expand.grid(rep(list(grid), q))))
  }
  spread <- max(stats::sd(y), 1e-8, na.rm = TRUE)
  steps <- c(1, 0.3, 0.1)
  for (step in steps) {
    near <- c(-1, 1) %o% c(step, step * spread)
    for (j in seq_len(q)) {
      others <- if (q > 3 && step == 1) c(eta[j], grid) else eta[j]
      tries <- matrix(eta, length(others) + length(near), q, byrow = TRUE)
      tries[, j] <- c(others, eta[j] + near)
      eta <- best_of(family, y, tries)
    }
  }
  eta
}

#' Linear predictors worth a try, for any parameter under any link
#' @noRd
predictor_grid <- function(y) {
  size <- c(
    mean(y), stats::median(y), stats::sd(y), stats::var(y), mean(y)^2 /
      stats::var(y)
  )
  size <- abs(size[is.finite(size) & size != 0])
  values <- c(mean(y), stats::median(y), log(size), -log(size), -2:2)
  unique(signif(values[is.finite(values)], 6))
}

#' The row of linear predictors (k, q) with the largest likelihood
#' @noRd
best_of <- function(family, y, tries) {
  rows <- rep(seq_len(nrow(tries)), each = length(y))
  tried <- new_distribution(family, tries[rows, , drop = FALSE])
  density <- tfd_log_prob(tried, rep(y, nrow(tries)))
  likelihood <- colSums(matrix(density, length(y)))
  likelihood[is.na(likelihood)] <- -Inf
  unname(tries[which.max(likelihood), ])
}
