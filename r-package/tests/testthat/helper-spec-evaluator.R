# An independent evaluator of docs/model-spec.md: reads the JSON and the payload
# as an engine would, and computes design matrices by the documented formulas,
# without mgcv, model.matrix or the package's own evaluators.

eval_spec <- function(built, parameter, term, data) {
  spec <- jsonlite::fromJSON(built$json, simplifyVector = FALSE)
  predictor <- Filter(function(p) p$name == parameter, spec$predictors)[[1]]
  entry <- Filter(function(t) t$name == term, predictor$terms)[[1]]
  ev <- list(data = data, payload = built$payload,
             n = NROW(data[[1]]))
  switch(entry$kind,
    linear = ev_components(entry$components, ev, isTRUE(entry$joint)),
    smooth = do.call(cbind, lapply(entry$smooths, ev_smooth, ev = ev)),
    offset = matrix(ev_expr(entry$expr, ev), ev$n, 1),
    deep = lapply(entry$inputs, function(i) ev_components(i, ev, TRUE))
  )
}

ev_matrix <- function(ref, ev) {
  if (!is.null(ref$form)) {
    kept <- ev$payload[ref$offset + seq_len(ref$rows)]
    if (ref$form == "diagonal") return(diag(kept))
    return(outer(kept, seq_len(ref$columns), `==`) + 0)
  }
  size <- ref$rows * ref$columns
  matrix(ev$payload[ref$offset + seq_len(size)], ref$rows, ref$columns)
}

ev_expr <- function(e, ev) {
  if (!is.null(e$column)) return(as.numeric(ev$data[[e$column]]))
  if (!is.null(e$value)) return(rep(e$value, ev$n))
  args <- lapply(e$args, ev_expr, ev = ev)
  as.numeric(do.call(get(e$call, baseenv()), args))
}

ev_component <- function(c, ev) {
  x <- if (!is.null(c$column)) ev$data[[c$column]]
  switch(c$kind,
    numeric = matrix(ev_expr(c$expr, ev), ev$n, 1),
    matrix = matrix(as.numeric(x), ev$n),
    factor = {
      code <- if (is.logical(x)) 1L + x else as.integer(x)
      ev_matrix(c$contrasts, ev)[code, , drop = FALSE]
    }
  )
}

ev_components <- function(components, ev, joint) {
  parts <- lapply(components, ev_component, ev = ev)
  if (joint) return(do.call(cbind, parts))
  out <- matrix(1, ev$n, 1)
  for (part in parts) { # the first component's columns vary fastest
    out <- do.call(cbind, lapply(seq_len(ncol(part)),
                                 function(j) out * part[, j]))
  }
  out
}

ev_smooth <- function(s, ev) {
  out <- matrix(1, ev$n, 1)
  for (margin in s$margins) { # the last margin's columns vary fastest
    part <- ev_margin(margin, ev)
    out <- do.call(cbind, lapply(seq_len(ncol(out)),
                                 function(j) out[, j] * part))
  }
  if (!is.null(s$by)) out <- out * as.vector(ev_component(s$by, ev))
  if (!is.null(s$transform)) out <- out %*% ev_matrix(s$transform, ev)
  out
}

ev_margin <- function(m, ev) {
  out <- switch(m$basis,
    tp = ev_tp(m, ev), cr = ev_cr(m, ev), cc = ev_cc(m, ev),
    ps = ev_ps(m, ev), re = ev_components(m$components, ev, FALSE),
    external = matrix(as.numeric(ev$data[[m$column]]), ev$n)
  )
  if (!is.null(m$transform)) out <- out %*% ev_matrix(m$transform, ev)
  out
}

ev_tp <- function(m, ev) {
  x <- vapply(m$variables, ev_expr, numeric(ev$n), ev = ev)
  x <- matrix(x, ev$n) - rep(ev_matrix(m$shift, ev), each = ev$n)
  knots <- ev_matrix(m$knots, ev)
  powers <- ev_matrix(m$powers, ev)
  d <- ncol(x)
  r2 <- matrix(0, ev$n, nrow(knots))
  for (j in seq_len(d)) r2 <- r2 + outer(x[, j], knots[, j], "-")^2
  poly <- vapply(seq_len(nrow(powers)), function(i) {
    apply(x, 1, function(row) prod(row^powers[i, ]))
  }, numeric(ev$n))
  cbind(ev_eta(r2, m$m, d), matrix(poly, ev$n)) %*% ev_matrix(m$UZ, ev)
}

ev_eta <- function(r2, m, d) {
  if (d %% 2 == 1) {
    return(gamma(d / 2 - m) / (2^(2 * m) * pi^(d / 2) * factorial(m - 1)) *
             r2^(m - d / 2))
  }
  constant <- (-1)^(m + 1 + d / 2) /
    (2^(2 * m - 1) * pi^(d / 2) * factorial(m - 1) * factorial(m - d / 2))
  out <- constant * r2^(m - d / 2) * log(r2) / 2
  out[r2 == 0] <- 0
  out
}

ev_cr <- function(m, ev) {
  x <- ev_expr(m$variables[[1]], ev)
  knots <- as.vector(ev_matrix(m$knots, ev))
  F <- ev_matrix(m$F, ev)
  k <- length(knots)
  E <- diag(k)
  t(vapply(x, function(v) {
    j <- min(max(findInterval(v, knots), 1), k - 1)
    h <- knots[j + 1] - knots[j]
    slope <- (E[j + 1, ] - E[j, ]) / h
    if (v < knots[1]) {
      return(E[1, ] + (v - knots[1]) *
               (slope - h / 3 * F[1, ] - h / 6 * F[2, ]))
    }
    if (v > knots[k]) {
      return(E[k, ] + (v - knots[k]) *
               (slope + h / 6 * F[k - 1, ] + h / 3 * F[k, ]))
    }
    a <- knots[j + 1] - v
    b <- v - knots[j]
    a / h * E[j, ] + b / h * E[j + 1, ] + (a^3 / h - h * a) / 6 * F[j, ] +
      (b^3 / h - h * b) / 6 * F[j + 1, ]
  }, numeric(k)))
}

ev_cc <- function(m, ev) {
  x <- ev_expr(m$variables[[1]], ev)
  knots <- as.vector(ev_matrix(m$knots, ev))
  BD <- ev_matrix(m$BD, ev)
  k <- ncol(BD)
  low <- knots[1]
  high <- knots[k + 1]
  E <- diag(k)
  t(vapply(x, function(v) {
    if (v < low || v > high) v <- low + (v - low) %% (high - low)
    j <- min(max(findInterval(v, knots, left.open = TRUE), 1), k)
    r <- if (j == k) 1 else j + 1
    h <- knots[j + 1] - knots[j]
    a <- knots[j + 1] - v
    b <- v - knots[j]
    a / h * E[j, ] + b / h * E[r, ] + (a^3 / h - h * a) / 6 * BD[j, ] +
      (b^3 / h - h * b) / 6 * BD[r, ]
  }, numeric(k)))
}

ev_ps <- function(m, ev) {
  x <- ev_expr(m$variables[[1]], ev)
  t(vapply(x, ev_ps_row, numeric(m$knots$rows - m$degree - 1),
           knots = as.vector(ev_matrix(m$knots, ev)), degree = m$degree))
}

ev_ps_row <- function(v, knots, degree) {
  low <- knots[degree + 1]
  high <- knots[length(knots) - degree]
  if (v >= low && v <= high) return(ev_bspline(v, knots, degree))
  edge <- if (v < low) low else high
  ev_bspline(edge, knots, degree) +
    (v - edge) * ev_bspline_slope(edge, knots, degree)
}

# Cox-de Boor recursion.
ev_bspline <- function(v, knots, degree) {
  if (degree == 0) {
    return(as.numeric(v >= knots[-length(knots)] & v < knots[-1]))
  }
  lower <- ev_bspline(v, knots, degree - 1)
  i <- seq_len(length(knots) - degree - 1)
  (v - knots[i]) / (knots[i + degree] - knots[i]) * lower[i] +
    (knots[i + degree + 1] - v) / (knots[i + degree + 1] - knots[i + 1]) *
    lower[i + 1]
}

ev_bspline_slope <- function(v, knots, degree) {
  lower <- ev_bspline(v, knots, degree - 1)
  i <- seq_len(length(knots) - degree - 1)
  degree * (lower[i] / (knots[i + degree] - knots[i]) -
              lower[i + 1] / (knots[i + degree + 1] - knots[i + 1]))
}

# Shorthands of the tests -----------------------------------------------------

spec_of <- function(formula, data, ..., networks = list()) {
  spec_model("test", list(formula), networks, data,
             list(penalty = penalty_control(...)), seed = 1L,
             parameter_names = "loc")
}

term_of <- function(formula, data, ...) {
  spec_of(formula, data, ...)$terms$loc[[1]]
}

toy_data <- function(n = 120, seed = 1) {
  withr::with_seed(seed, data.frame(
    x = rnorm(n), z = runif(n, 0.1, 2), w = rnorm(n, 100, 20),
    g = factor(sample(c("a", "b", "c"), n, TRUE)),
    h = factor(sample(c("u", "v"), n, TRUE)),
    o = factor(sample(c("low", "mid", "top"), n, TRUE), ordered = TRUE),
    l = runif(n) > 0.4, k = sample(1:5, n, TRUE),
    ch = sample(c("yes", "no"), n, TRUE), stringsAsFactors = FALSE
  ))
}
