# Reference designs for the terms of the engine: what mgcv's PredictMat and R's
# model.matrix give, with the numbers that the engine evaluates them from.
# Run from the repository's root: Rscript tests/parity/bases.R
# Writes one file per case; a file holds '@text key value' and '@matrix key rows
# columns' entries, the latter followed by their rows.
suppressMessages(library(mgcv))

seed <- 20240117L
target <- file.path("java-engine", "src", "test", "resources", "org",
                    "deepregression4j", "engine", "term", "designs")
dir.create(target, recursive = TRUE, showWarnings = FALSE)

# ---- data ------------------------------------------------------------------

set.seed(seed)
n <- 60L
train <- data.frame(
  x = round(runif(n, 0, 10), 3), z = round(runif(n, -84, -83), 4),
  w = round(rnorm(n), 3), f = factor(rep_len(c("low", "mid", "high"), n)),
  g = factor(sample(LETTERS[1:5], n, TRUE)), b = round(runif(n, -1, 2), 3)
)
# Inside, at the ends and beyond them.
new <- data.frame(
  x = c(range(train$x), -3, 14.5, 27, train$x[1:3], 4.2, 7.7, 0.01, 9.9),
  z = c(range(train$z), -85, -82.5, -83.4, train$z[1:3], -83.7, -84.02, -83,
        -83.5),
  w = c(range(train$w), -4, 4, 0, train$w[1:3], 0.5, -0.5, 1, -1),
  f = factor(rep_len(c("mid", "high", "low"), 12), levels(train$f)),
  g = factor(rep_len(LETTERS[5:1], 12), levels(train$g)),
  b = c(0, 1, -2, seq(-1, 2, length.out = 9))
)

# ---- writing ---------------------------------------------------------------

entry_matrix <- function(key, value) {
  value <- as.matrix(value)
  rows <- apply(value, 1L, function(row) {
    paste(sprintf("%.17g", row), collapse = ",")
  })
  c(paste("@matrix", key, nrow(value), ncol(value)), rows)
}

entries <- function(prefix, values) {
  unlist(lapply(names(values), function(name) {
    key <- paste0(prefix, name)
    value <- values[[name]]
    if (is.list(value)) entries(paste0(key, "."), value)
    else if (is.character(value)) {
      paste("@text", key, paste(value, collapse = ","))
    } else entry_matrix(key, value)
  }))
}

column_entries <- function(data) {
  values <- lapply(data, function(v) {
    if (is.factor(v)) list(levels = levels(v), data = as.integer(v))
    else list(data = v)
  })
  c(paste("@text columns", paste(names(data), collapse = ",")),
    entries("column.", values))
}

write_case <- function(name, call, values, data, expected) {
  header <- c(
    "# Written by tests/parity/bases.R; do not edit.",
    paste0("# ", R.version.string, ", mgcv ", packageVersion("mgcv"),
           ", seed ", seed, ", ", Sys.Date()),
    paste("#", call)
  )
  lines <- c(header, entries("", values), column_entries(data),
             entry_matrix("expected", unname(expected)))
  writeLines(lines, file.path(target, paste0(name, ".txt")))
}

# ---- smooths ---------------------------------------------------------------

powers_of <- function(m, d) {
  all <- as.matrix(expand.grid(rep(list(0:(m - 1)), d)))
  unname(all[rowSums(all) < m, , drop = FALSE])
}

order_of <- function(object) {
  M <- nrow(object$UZ) - nrow(object$Xu)
  Find(function(m) choose(m + object$dim - 1, object$dim) == M, 1:10)
}

basis_of <- function(object) {
  switch(
    class(object)[1L],
    tprs.smooth = , ts.smooth = {
      m <- order_of(object)
      list(basis = "tp", variables = object$term, shift = object$shift,
           knots = object$Xu, m = m, UZ = object$UZ,
           powers = powers_of(m, object$dim))
    },
    cr.smooth = , cs.smooth = list(
      basis = "cr", variables = object$term, knots = object$xp,
      F = matrix(object$F, length(object$xp), byrow = TRUE)),
    cyclic.smooth = list(basis = "cc", variables = object$term,
                         knots = object$xp, BD = object$BD),
    pspline.smooth = list(basis = "ps", variables = object$term,
                          knots = object$knots, degree = object$m[1L] + 1),
    random.effect = list(basis = "re", variables = object$term)
  )
}

# What smoothCon absorbed, as a matrix to multiply with.
absorbed <- function(object) {
  qrc <- attr(object, "qrc")
  if (!inherits(qrc, "qr")) return(NULL)
  qr.Q(qrc, complete = TRUE)[, -seq_len(attr(object, "nCons")), drop = FALSE]
}

margins_of <- function(object) {
  if (is.null(object$margin)) return(list(basis_of(object)))
  lapply(seq_along(object$margin), function(i) {
    margin <- basis_of(object$margin[[i]])
    XP <- if (i <= length(object$XP)) object$XP[[i]]
    Z <- absorbed(object$margin[[i]])
    margin$transform <- if (is.null(Z)) XP else if (is.null(XP)) Z else Z %*% XP
    margin
  })
}

smooth_of <- function(object) {
  margins <- margins_of(object)
  names(margins) <- seq_along(margins)
  out <- list(label = object$label, margins = as.character(length(margins)),
              margin = margins)
  if (object$by != "NA") {
    out$by <- object$by
    if (!is.null(object$by.level)) {
      levels <- levels(train[[object$by]])
      out$by_contrasts <- as.numeric(levels == object$by.level)
    }
  }
  out$transform <- absorbed(object)
  out
}

# Rows of `new` with knots of one-dimensional bases, the outer ones included,
# where an interval begins.
at_knots <- function(object, new) {
  knots <- if (inherits(object, "pspline.smooth")) {
    outer <- object$m[1L] + 2
    object$knots[outer:(length(object$knots) - outer + 1)]
  } else object$xp
  if (is.null(knots)) return(new)
  rows <- rep_len(seq_len(nrow(new)), nrow(new) + length(knots))
  new <- new[rows, , drop = FALSE]
  new[[object$term]] <- c(new[[object$term]][seq_len(12L)], knots)
  new
}

smooth_case <- function(name, call, absorb = FALSE) {
  specification <- eval(call)
  objects <- smoothCon(specification, train, absorb.cons = absorb)
  smooths <- lapply(objects, smooth_of)
  names(smooths) <- seq_along(smooths)
  new <- at_knots(objects[[1L]], new[intersect(names(new), all.vars(call))])
  values <- list(term = "smooth", smooths = as.character(length(smooths)),
                 smooth = smooths)
  expected <- do.call(cbind, lapply(objects, PredictMat, data = new))
  write_case(name, paste(deparse(call), collapse = ""), values, new, expected)
}

smooth_case("tp1", quote(s(x, k = 8)))
smooth_case("tp1-order1", quote(s(x, k = 8, m = 1)))
smooth_case("tp1-order3", quote(s(x, k = 8, m = 3)))
smooth_case("tp2", quote(s(x, z, k = 12)))
smooth_case("tp2-order3", quote(s(x, z, k = 12, m = 3)))
smooth_case("tp3", quote(s(x, z, w, k = 15)))
smooth_case("tp1-centred", quote(s(x, k = 8)), absorb = TRUE)
smooth_case("ts", quote(s(x, bs = "ts", k = 8)))
smooth_case("cr", quote(s(x, bs = "cr", k = 9)))
smooth_case("cr-centred", quote(s(x, bs = "cr", k = 9)), absorb = TRUE)
smooth_case("cs", quote(s(z, bs = "cs", k = 6)))
smooth_case("cc", quote(s(x, bs = "cc", k = 8)))
smooth_case("ps", quote(s(x, bs = "ps", k = 10)))
smooth_case("ps-quadratic", quote(s(z, bs = "ps", k = 9, m = c(1, 1))))
smooth_case("ps-linear", quote(s(x, bs = "ps", k = 9, m = c(0, 1))))
smooth_case("re", quote(s(g, bs = "re")))
smooth_case("re-slope", quote(s(g, x, bs = "re")))
smooth_case("re-nested", quote(s(f, g, bs = "re")))
smooth_case("by-number", quote(s(x, bs = "cr", k = 7, by = b)))
smooth_case("by-factor", quote(s(x, bs = "tp", k = 6, by = f)))
smooth_case("te-cr", quote(te(x, z, k = 4)))
smooth_case("te-ps-tp", quote(te(x, z, bs = c("ps", "tp"), k = c(6, 5))))
smooth_case("te-plain", quote(te(x, z, k = c(4, 5), np = FALSE)))
smooth_case("te-centred", quote(te(x, z, k = 4)), absorb = TRUE)
smooth_case("te-nested",
            quote(te(x, z, w, d = c(2, 1), bs = c("tp", "cc"), k = c(8, 5))))
smooth_case("ti", quote(ti(x, z, k = c(5, 4))))
smooth_case("te-re", quote(te(x, g, bs = c("cr", "re"), k = c(4, 5))))

# ---- linear terms ----------------------------------------------------------

component <- function(variable, contrasts = NULL) {
  out <- list(column = variable)
  out$contrasts <- contrasts
  out
}

linear_case <- function(name, formula, columns, components, contrasts = NULL) {
  names(components) <- seq_along(components)
  used <- all.vars(formula)
  design <- model.matrix(formula, new, contrasts.arg = contrasts)
  values <- list(term = "linear", components = as.character(length(components)),
                 component = components)
  write_case(name, paste(deparse(formula), collapse = ""), values, new[used],
             design[, grepl(columns, colnames(design)), drop = FALSE])
}

treat <- function(v) unname(contr.treatment(nlevels(train[[v]])))
dummy <- function(v) diag(nlevels(train[[v]]))
linear_case("factor-treatment", ~ f, "^f", list(component("f", treat("f"))))
linear_case("factor-sum", ~ g, "^g",
            list(component("g", unname(contr.sum(5)))), list(g = "contr.sum"))
linear_case("factor-poly", ~ g, "^g",
            list(component("g", unname(contr.poly(5)))), list(g = "contr.poly"))
linear_case("factor-factor", ~ f * g, ":",
            list(component("f", treat("f")), component("g", treat("g"))))
linear_case("factor-numeric", ~ f:x, ":",
            list(component("f", dummy("f")), component("x")))
linear_case("three-way", ~ f * g * x, ":.*:",
            list(component("f", treat("f")), component("g", treat("g")),
                 component("x")))
linear_case("numeric-numeric", ~ x:b, ":", list(component("x"), component("b")))
