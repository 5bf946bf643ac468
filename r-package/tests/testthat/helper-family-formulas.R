# What the table of helper-family-oracles.R is written with: densities that R has
# no function for, and quadrature over a row's support.

# Normal with half-Cauchy standard deviation, integrated over its angle.
over_angles <- function(f) {
  function(y, scale) {
    mixed <- function(z) {
      stats::integrate(function(angle) 2 / pi * f(z, 0, tan(angle)), 0, pi / 2,
        rel.tol = 1e-12, subdivisions = 2000L
      )$value
    }
    vapply(y / scale, mixed, 0)
  }
}

# log(1 + x z) / x of Coles (2001), which evd cancels in for x near 0.
gev_depth <- function(z, x) if (x == 0) z else log1p(pmax(x * z, -1)) / x
gev <- function(y, loc, scale, shape) {
  t <- gev_depth((y - loc) / scale, shape)
  ifelse(t == -Inf | t == Inf, -Inf, -(shape + 1) * t - exp(-t) - log(scale))
}
gev_rise <- function(w, x) if (x == 0) w else expm1(x * w) / x

# Moments of the gev by those of its exponential.
gev_mean <- function(loc, scale, shape) {
  if (shape >= 1) return(Inf)
  if (abs(shape) > 1e-6) {
    return(loc + scale * expm1(lgamma(1 - shape)) / shape)
  }
  # Around zero lgamma(1 - shape) cancels; two terms of its series.
  loc + scale * (-digamma(1) + shape * (digamma(1)^2 + trigamma(1)) / 2)
}

gev_sd <- function(loc, scale, shape) {
  if (shape >= 0.5) return(Inf)
  # As in gev_mean, one term.
  if (abs(shape) < 1e-6) return(scale * pi / sqrt(6))
  scale * sqrt(gamma(1 - 2 * shape) - gamma(1 - shape)^2) / abs(shape)
}

beta_shapes <- function(mu, sigma) c(mu, 1 - mu) * (1 - sigma^2) / sigma^2
beta_by_mean <- function(f) {
  function(y, mu, sigma, ...) {
    shapes <- beta_shapes(mu, sigma)
    f(y, shapes[1], shapes[2], ...)
  }
}
gamma_by_mean <- function(f) {
  function(y, mu, sigma, ...) f(y, 1 / sigma^2, 1 / (mu * sigma^2), ...)
}
inverse_gamma_by_mode <- function(f) {
  function(y, mode, a, ...) f(y, a, mode * (a + 1), ...)
}

# A Poisson number of gammas.
tweedie <- function(power) {
  function(y, mu, phi) {
    rate <- mu^(2 - power) / (phi * (2 - power))
    shape <- (2 - power) / (power - 1)
    scale <- phi * (power - 1) * mu^(power - 1)
    n <- seq_len(stats::qpois(1e-18, rate, FALSE) + 20)
    vapply(y, function(y) {
      if (y == 0) return(-rate)
      parts <- stats::dpois(n, rate, TRUE) +
        stats::dgamma(y, n * shape, scale = scale, log = TRUE)
      max(parts) + log(sum(exp(parts - max(parts))))
    }, 0)
  }
}

tweedie_cdf <- function(power) {
  function(y, mu, phi) {
    rate <- mu^(2 - power) / (phi * (2 - power))
    shape <- (2 - power) / (power - 1)
    scale <- phi * (power - 1) * mu^(power - 1)
    n <- seq_len(stats::qpois(1e-18, rate, FALSE) + 20)
    vapply(y, function(y) {
      exp(-rate) +
        sum(stats::dpois(n, rate) * stats::pgamma(y, n * shape, scale = scale))
    }, 0)
  }
}

# Jones and Pewsey (2009): the normal quantile of the distribution function.
sinh_scale <- function(tail) 2 / sinh(asinh(2) * tail)
sinh_z <- function(y, loc, scale, skew, tail) {
  asinh((y - loc) / scale / sinh_scale(tail)) / tail - skew
}
sinh_arcsinh <- function(y, loc, scale, skew, tail) {
  x <- sinh_z(y, loc, scale, skew, tail)
  w <- (y - loc) / scale / sinh_scale(tail)
  stats::dnorm(sinh(x), log = TRUE) + log(cosh(x)) - log(tail) -
    log(sinh_scale(tail)) - log(scale) - 0.5 * log1p(w^2)
}
sinh_quantile <- function(p, loc, scale, skew, tail) {
  x <- (asinh(stats::qnorm(p)) + skew) * tail
  loc + scale * sinh(x) * sinh_scale(tail)
}

von_mises <- function(y, loc, k) {
  k * (cos(y - loc) - 1) - log(2 * pi * besselI(k, 0, expon.scaled = TRUE))
}

# Of the angle next to loc.
von_mises_cdf <- function(y, loc, k) {
  angle <- (y - loc + pi) %% (2 * pi) - pi
  vapply(angle, function(to) {
    if (to == -pi) return(0)
    stats::integrate(function(x) exp(von_mises(x, 0, k)), -pi, to,
      rel.tol = 1e-12, subdivisions = 2000L
    )$value
  }, 0)
}

circular_density <- function(y, loc, k) {
  of <- function(x) suppressWarnings(circular::circular(x))
  suppressWarnings(circular::dvonmises(of(y), of(loc), k, TRUE))
}

# Normals seen between the ends only, or piled up there.
piled <- function(y, loc, scale, low, high) {
  ifelse(y <= low, stats::pnorm(low, loc, scale, log.p = TRUE),
    ifelse(y >= high, stats::pnorm(high, loc, scale, FALSE, TRUE),
      stats::dnorm(y, loc, scale, TRUE)
    )
  )
}

# The quantile by a distribution function that increases between two ends.
inverse <- function(p, ends) {
  function(level, ...) {
    theta <- list(...)
    range <- do.call(ends, theta)
    vapply(level, function(level) {
      stats::uniroot(function(y) at_theta(p, y, theta) - level, range,
        tol = 1e-14 * diff(range), maxiter = 10000L
      )$root
    }, 0)
  }
}

# dweibull() is NaN where (y / scale)^concentration overflows.
finite_far_out <- function(f) {
  function(...) {
    out <- suppressWarnings(f(...))
    ifelse(is.nan(out), -Inf, out)
  }
}

# dnbinom(mu = ) by its factors: no difference of large numbers.
negbinom_by_mean <- function(y, mu, r) {
  vapply(y, function(y) {
    sum(log1p((seq_len(y) - 1) / r)) + y * log(mu) - lfactorial(y) -
      (y + r) * log1p(mu / r)
  }, 0)
}

softmax <- function(...) {
  x <- c(...)
  exp(x - max(x)) / sum(exp(x - max(x)))
}
class_density <- function(y, weights) log(weights)[y]
class_cdf <- function(y, weights) cumsum(weights)[y]
ordered_weights <- function(cdf) {
  function(loc, first, ...) {
    cut <- cumsum(c(first, ...)) - loc
    # From the upper tail, where differences of cdf would cancel.
    upper <- cdf(c(Inf, -cut, -Inf))
    lower <- cdf(c(-Inf, cut, Inf))
    ifelse(c(cut, Inf) < 0, diff(lower), -diff(upper))
  }
}
by_class <- function(f, weights) {
  function(y, ...) f(y, weights(...))
}

log_sum <- function(...) {
  parts <- cbind(...)
  top <- pmax(apply(parts, 1, max), -.Machine$double.xmax)
  top + log(rowSums(exp(parts - top)))
}

# log dlogis(y, m, s) as a custom family's specification.
own_logistic <- function() {
  call <- function(name, ...) list(call = name, args = list(...))
  column <- function(name) list(column = name)
  z <- call("/", call("-", column("y"), column("m")), column("s"))
  twice <- call("*", list(value = 2), call("softplus", call("-", z)))
  list(
    name = "custom", label = "mine", log_density =
      call("-", call("-", call("-", z), twice), call("log", column("s"))),
    parameters = list(
      list(name = "m", link = "identity"), list(name = "s", link = "exp")
    ),
    cdf = call("plogis", z), mean = column("m"),
    stddev = call("*", column("s"), list(value = pi / sqrt(3)))
  )
}

# ---- vectors ---------------------------------------------------------------

dirichlet <- function(y, a) extraDistr::ddirichlet(y, a, log = TRUE)
dirichlet_multinomial <- function(y, a) {
  extraDistr::ddirmnom(y, sum(y), a, log = TRUE)
}
dirichlet_sd <- function(a) {
  m <- a / sum(a)
  sqrt(m * (1 - m) / (sum(a) + 1))
}
one_hot <- function(...) list(y = diag(3), w = rep(1, 3))

# Of the plane in coordinates (Mardia and Jupp 2000, 9.3.4), of space by its
# normalising constant.
von_mises_fisher <- function(y, direction) {
  k <- sqrt(sum(direction^2))
  norm <- if (length(y) == 2) {
    log(2 * pi * besselI(k, 0, TRUE)) + k
  } else {
    log(4 * pi) + log(sinh(k) / k)
  }
  sum(y * direction) - norm
}
circle <- function(...) {
  angle <- seq(-pi, pi, length.out = 401)[-1]
  list(y = cbind(cos(angle), sin(angle)), w = rep(2 * pi / 400, 400))
}
sphere <- function(...) {
  height <- statmod::gauss.quad(60)
  grid <- expand.grid(i = 1:60, angle = seq(-pi, pi, length.out = 101)[-1])
  z <- height$nodes[grid$i]
  side <- sqrt(1 - z^2)
  list(
    y = cbind(side * cos(grid$angle), side * sin(grid$angle), z),
    w = height$weights[grid$i] * 2 * pi / 100
  )
}

# Shares of three by stick breaking.
simplex <- function(...) {
  rule <- quadrature_interval(0, 1, 1 / 16, 4)
  i <- expand.grid(a = seq_along(rule$y), b = seq_along(rule$y))
  a <- rule$y[i$a]
  list(
    y = cbind(a, (1 - a) * rule$y[i$b], (1 - a) * (1 - rule$y[i$b])),
    w = rule$w[i$a] * rule$w[i$b] * (1 - a)
  )
}
compositions <- function(total) {
  function(...) {
    y <- expand.grid(a = 0:total, b = 0:total)
    y <- y[y$a + y$b <= total, ]
    list(y = cbind(y$a, y$b, total - y$a - y$b), w = rep(1, nrow(y)))
  }
}

# The Cholesky factor of loc_1.., scale_1.., lower_2_1, lower_3_1, lower_3_2..
cholesky <- function(theta, d) {
  l <- diag(theta[d + seq_len(d)], d)
  k <- 2 * d
  for (i in seq_len(d)[-1]) {
    for (j in seq_len(i - 1)) {
      k <- k + 1
      l[i, j] <- theta[k]
    }
  }
  l
}
multivariate_normal <- function(y, ...) {
  d <- length(y)
  l <- cholesky(c(...), d)
  mvtnorm::dmvnorm(y, c(...)[seq_len(d)], l %*% t(l), log = TRUE)
}
plane <- function(...) {
  theta <- c(...)
  z <- as.matrix(expand.grid(seq(-8, 8, 0.5), seq(-8, 8, 0.5)))
  l <- cholesky(theta, 2)
  list(
    y = z %*% t(l) + rep(theta[1:2], each = nrow(z)),
    w = rep(0.5^2 * prod(diag(l)), nrow(z))
  )
}

# ---- quadrature --------------------------------------------------------------

# Double exponential rules (Takahasi and Mori 1974): f may be infinite at an end.
quadrature_interval <- function(from, to, step = 1 / 24, reach = 4.8) {
  t <- seq(-reach, reach, step)
  share <- 1 / (1 + exp(-pi * sinh(t)))
  rest <- 1 / (1 + exp(pi * sinh(t)))
  y <- ifelse(t < 0, from + (to - from) * share, to - (to - from) * rest)
  w <- (to - from) * share * rest * pi * cosh(t) * step
  inside <- y > from & y < to & w > 0
  list(y = y[inside], w = w[inside])
}

quadrature_tail <- function(from, spread, step = 1 / 24, reach = 4.8) {
  t <- seq(-reach, reach, step)
  x <- exp(pi / 2 * sinh(t))
  y <- from + spread * x
  w <- abs(spread) * x * pi / 2 * cosh(t) * step
  list(y = y[y != from], w = w[y != from])
}

# Responses and weights that integrate over the support of a row at a setting,
# of counts up to the row's last one. Pieces meet at the row's centres.
quadrature <- function(row, theta) {
  if (!is.null(row$nodes)) return(of_theta(row$nodes, theta))
  ends <- of_theta(row$range, theta)
  if (row$discrete) {
    last <- if (is.finite(ends[2])) ends[2] else at_theta(row$q, 1 - 1e-13, theta)
    y <- seq(ends[1], last)
    return(list(y = matrix(y), w = rep(1, length(y))))
  }
  joints <- sort(row_centre(row, theta))
  joints <- c(ends[1], joints[joints > ends[1] & joints < ends[2]], ends[2])
  parts <- lapply(seq_along(joints)[-1], function(i) {
    quadrature_piece(joints[i - 1], joints[i], function() row_spread(row, theta))
  })
  list(
    y = matrix(c(unlist(lapply(parts, `[[`, "y")), row$points)),
    w = c(unlist(lapply(parts, `[[`, "w")), rep(1, length(row$points)))
  )
}

quadrature_piece <- function(from, to, spread) {
  if (is.infinite(from)) return(quadrature_tail(to, -spread()))
  if (is.infinite(to)) return(quadrature_tail(from, spread()))
  quadrature_interval(from, to)
}

row_centre <- function(row, theta) {
  if (is.null(row$centre)) at_theta(row$q, 0.5, theta) else
    of_theta(row$centre, theta)
}

row_spread <- function(row, theta) {
  if (is.null(row$spread)) diff(at_theta(row$q, c(0.25, 0.75), theta)) else
    of_theta(row$spread, theta)
}

# log density of every row of y.
oracle_density <- function(row, y, theta) {
  if (row$columns == 1) return(at_theta(row$d, y[, 1], theta))
  apply(y, 1, function(y) at_theta(row$d, y, theta))
}

# E f(Y), f of the columns.
oracle_moment <- function(row, theta, f) {
  rule <- quadrature(row, theta)
  mass <- rule$w * exp(oracle_density(row, rule$y, theta))
  values <- f(rule$y)
  values[mass == 0] <- 0
  colSums(values * mass)
}

oracle_mean <- function(row, theta) {
  if (!is.null(row$mean)) return(of_theta(row$mean, theta))
  oracle_moment(row, theta, identity)
}

oracle_sd <- function(row, theta) {
  if (!is.null(row$sd)) return(of_theta(row$sd, theta))
  centre <- oracle_mean(row, theta)
  sqrt(oracle_moment(row, theta, function(y) {
    (y - rep(centre, each = nrow(y)))^2
  }))
}

# ---- the engine ----------------------------------------------------------------

# A row with its name and the family as the engine describes it.
oracle_row <- function(rows, name) {
  row <- rows[[name]]
  row$name <- name
  if (is.null(row$spec)) row$spec <- list(name = name)
  row$family <- describe_family(row$spec, row$columns)
  row$has <- function(quantity) quantity %in% row$family$has
  row
}

# The quantities of the contract that a family lacks are those its row names.
contract_quantities <- c("mean", "stddev", "prob", "cdf", "quantile", "sample")

expect_lacks <- function(row) {
  expect_identical(
    setdiff(contract_quantities, row$family$has),
    intersect(contract_quantities, as.character(names(row$lacks)))
  )
}

# The distributions of settings, one row each, as users make them.
oracle_distribution <- function(row, theta) {
  parameters <- lapply(row$family$parameters, function(name) {
    do.call(rbind, lapply(theta, `[[`, name))
  })
  names(parameters) <- row$family$parameters
  do.call(tfd_distribution, c(
    list(row$family), parameters, list(output_dim = row$columns)
  ))
}
