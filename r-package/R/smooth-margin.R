# In-graph form of mgcv's bases: one row per class of smooth object. A form is
# a MARGIN of docs/model-spec.md, or NULL where the object has a feature the
# graph cannot express; such a smooth enters as an external matrix.
margin_forms <- function() {
  list(tprs.smooth = tp_margin, ts.smooth = tp_margin, cr.smooth = cr_margin,
       cs.smooth = cr_margin, cyclic.smooth = cc_margin,
       pspline.smooth = ps_margin, random.effect = re_margin)
}

smooth_margins <- function(object, context) {
  if (!inherits(object, "tensor.smooth")) {
    margin <- margin_of(object, context)
    return(if (!is.null(margin)) list(margin))
  }
  if (!is.null(object$udrop)) return(NULL)
  margins <- lapply(seq_along(object$margin), function(i) {
    XP <- if (i <= length(object$XP)) object$XP[[i]]
    margin_of(object$margin[[i]], context, XP)
  })
  if (any(vapply(margins, is.null, NA))) NULL else margins
}

margin_of <- function(object, context, XP = NULL) {
  form <- margin_forms()[[class(object)[1L]]]
  variables <- lapply(object$term, function(t) parse(text = t)[[1L]])
  margin <- if (!is.null(form)) form(object, variables, context)
  constraint <- absorbed_constraint(object)
  if (is.null(margin) || identical(constraint, "unknown")) return(NULL)
  transform <- multiply(constraint, XP)
  if (!is.null(transform)) margin$transform <- unname(transform)
  margin
}

multiply <- function(a, b) {
  if (is.null(a)) return(b)
  if (is.null(b)) a else a %*% b
}

# The constraint that smoothCon absorbed, as a matrix to multiply with: NULL
# for none, "unknown" for a kind that has no such matrix here.
absorbed_constraint <- function(object) {
  if (!is.null(object$diagRP) || !is.null(attr(object, "del.index"))) {
    return("unknown")
  }
  qrc <- attr(object, "qrc")
  count <- attr(object, "nCons") %||% 0
  if (is.null(qrc) || count == 0) return(NULL)
  if (!inherits(qrc, "qr")) return("unknown")
  basis <- qr.Q(qrc, complete = TRUE)[, -seq_len(count), drop = FALSE]
  index <- attr(object, "indi")
  if (is.null(index)) basis else constraint_on_some(basis, index, object)
}

# Only the columns `index` take part: their first ones become the constrained
# basis, their last ones go.
constraint_on_some <- function(basis, index, object) {
  k <- object$bs.dim
  full <- diag(k)
  kept <- seq_len(ncol(basis))
  full[, index[kept]] <- 0
  full[index, index[kept]] <- basis
  full[, -index[-kept], drop = FALSE]
}

compile_variables <- function(variables, context) {
  compiled <- lapply(variables, compile_expr, data = context$data,
                     env = baseenv())
  if (any(vapply(compiled, is.null, NA))) NULL else compiled
}

tp_margin <- function(object, variables, context) {
  compiled <- compile_variables(variables, context)
  if (is.null(compiled)) return(NULL)
  d <- object$dim
  UZ <- unname(object$UZ)
  unpenalised <- nrow(UZ) - nrow(object$Xu)
  m <- tp_order(d, unpenalised)
  if (isTRUE(object$drop.null > 0)) {
    # Dropping the null space goes with centring the columns: the centre is
    # taken from the row of the constant polynomial.
    UZ <- UZ[, seq_len(object$bs.dim), drop = FALSE]
    constant <- nrow(object$Xu) + 1L
    UZ[constant, ] <- UZ[constant, ] - object$cmX
  }
  list(basis = "tp", variables = compiled, shift = column(object$shift),
       knots = unname(object$Xu), m = m, UZ = UZ, powers = tp_powers(m, d))
}

# The order m of a thin plate spline from the size choose(m + d - 1, d) of its
# polynomial null space.
tp_order <- function(d, size) {
  m <- 1L
  while (choose(m + d - 1L, d) < size) m <- m + 1L
  m
}

# Exponents of the polynomials of degree below m, the first variable's fastest.
tp_powers <- function(m, d) {
  powers <- as.matrix(expand.grid(rep(list(seq_len(m) - 1), d)))
  unname(powers[rowSums(powers) < m, , drop = FALSE])
}

cr_margin <- function(object, variables, context) {
  compiled <- compile_variables(variables, context)
  if (is.null(compiled) || is.null(object$F)) return(NULL)
  k <- length(object$xp)
  # mgcv keeps F by rows.
  list(basis = "cr", variables = compiled, knots = column(object$xp),
       F = matrix(object$F, k, k, byrow = TRUE))
}

cc_margin <- function(object, variables, context) {
  compiled <- compile_variables(variables, context)
  if (is.null(compiled)) return(NULL)
  list(basis = "cc", variables = compiled, knots = column(object$xp),
       BD = unname(object$BD))
}

ps_margin <- function(object, variables, context) {
  compiled <- compile_variables(variables, context)
  plain <- (object$mono %||% 0) == 0 && (object$deriv %||% 0) == 0
  if (is.null(compiled) || !plain) return(NULL)
  list(basis = "ps", variables = compiled, knots = column(object$knots),
       degree = object$m[1L] + 1)
}

# model.matrix(~ a:b - 1): all dummies of factors, numbers as they are.
re_margin <- function(object, variables, context) {
  components <- lapply(variables, re_component, context = context)
  if (any(vapply(components, is.null, NA))) return(NULL)
  list(basis = "re", components = unname(components))
}

re_component <- function(variable, context) {
  if (is.name(variable)) {
    value <- context$data[[as.character(variable)]]
    if (is.factor(value)) {
      return(list(kind = "factor", column = as.character(variable),
                  contrasts = diag(nlevels(value))))
    }
    if (is.matrix(value) || is.logical(value)) return(NULL)
  }
  compiled <- compile_expr(variable, context$data, baseenv())
  if (!is.null(compiled)) list(kind = "numeric", expr = compiled)
}

column <- function(x) matrix(as.numeric(x), ncol = 1L)
