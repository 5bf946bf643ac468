# Fits a small model for every kind of term, layer and family, exports it, and
# writes the raw columns of new rows and what R predicts of them.
#
# Rscript export-models.R FOLDER     (from this folder)
# Writes per case NAME.onnx, NAME-rows.csv, NAME-expected.csv, of families also
# NAME-response.csv, whose log-densities are the column "(log density)" of the
# third. Its column "(by hand)" is the first parameter's predictor by R alone.
# The script stops when something the package offers is in no case.

source("common.R")
source("by-hand.R")

folder <- commandArgs(TRUE)[1]
train <- toy_data(150, seed = 1)
new <- toy_data(40, seed = 2, spread = 1.3)
seen <- character()

# NAME = right-hand side, for a normal response.
terms <- list(
  intercept = ~1, numeric = ~ 1 + x, without_intercept = ~ 0 + x,
  factors = ~ 1 + g + h + o, types = ~ 1 + l + k + ch,
  interactions = ~ 1 + x:g + g:o + x:z + g, matrix = ~ 1 + M,
  arithmetic = ~ 1 + I(x^2) + log(z) + exp(-x) + I(x * z / (2 + abs(x)) - 1),
  calls = ~ 1 + log2(z) + log10(z) + log1p(z) + expm1(x) + sqrt(w) + sin(x) +
    cos(x) + tanh(x) + sign(x) + floor(w) + ceiling(w),
  comparisons = ~ 1 + I(x < 0) + I(x <= z) + I(w > 100) + I(w >= 99) +
    I(k == 3) + pmin(x, z) + pmax(x, z, 1),
  offset = ~ 1 + offset(log(z)) + x, joint = ~ 1 + lin(x, g),
  shrunken = ~ 1 + lasso(x + g, la = 3) + grlasso(h, la = 9) +
    ridge(M + k + o, la = 5),
  tp = ~ 1 + s(x), ts = ~ 1 + s(x, bs = "ts", k = 7),
  tp_plane = ~ 1 + s(x, z, k = 20), cr = ~ 1 + s(x, bs = "cr"),
  cs = ~ 1 + s(x, bs = "cs", k = 6), cc = ~ 1 + s(x, bs = "cc", k = 8),
  ps = ~ 1 + s(x, bs = "ps"), re = ~ 1 + s(g, bs = "re"),
  slopes = ~ 1 + s(g, x, bs = "re"), by_factor = ~ 1 + g + s(x, by = g),
  by_number = ~ 1 + s(x, by = z), te = ~ 1 + te(x, z),
  te_mixed = ~ 1 + te(x, z, bs = c("cr", "ps"), k = c(5, 6)),
  ti = ~ 1 + ti(x) + ti(z) + ti(x, z), external = ~ 1 + s(x, bs = "gp"),
  deep_columns = ~ 1 + x + d(x, z, g, M)
)

dense <- function(x) layer_dense(x, units = 1)

networks <- list(
  dense = dense,
  dense_without_bias = function(x) {
    x %>% layer_dense(4, "tanh", use_bias = FALSE) %>% dense()
  },
  dropout = function(x) {
    x %>% layer_dense(4) %>% layer_dropout(rate = 0.3) %>% dense()
  },
  batch_normalization = function(x) {
    x %>% layer_batch_normalization() %>% layer_dense(4, "tanh") %>%
      layer_batch_normalization() %>% dense()
  },
  branches = function(x) {
    first <- x %>% layer_dense(4, "tanh")
    second <- x %>% layer_dense(4)
    both <- layer_add(list(first, second)) %>% layer_activation("sigmoid")
    layer_concatenate(list(both, first, x)) %>% dense()
  },
  shared = function(x) {
    again <- layer_dense(units = 2, activation = "tanh")
    x %>% again() %>% again() %>% dense()
  }
)

for (name in package$activation_names) {
  networks[[paste0("activation_", name)]] <- local({
    verb <- getExportedValue(
      "deepregression4j", paste0("layer_activation_", name)
    )
    function(x) x %>% layer_dense(3) %>% verb() %>% dense()
  })
}

responses <- list(
  # Heavier tails than of the normal and Poisson: at the edge of the range of
  # a family's parameters, quantiles take long.
  real = function(n) rt(n, 3), positive = function(n) rexp(n) + 0.1,
  non_negative = function(n) rexp(n),
  count = function(n) rnbinom(n, 2, mu = 3),
  unit_open = function(n) runif(n, 0.1, 0.9),
  binary = function(n) rbinom(n, 1, 0.4),
  one_hot = function(n) unname(diag(3)[sample(3, n, TRUE), ]),
  positive_count = function(n) 1 + rgeom(n, 0.6),
  counts = function(n) t(vapply(seq_len(n), function(i) {
    as.vector(rmultinom(1, 8, rgamma(3, c(1, 1.5, 2))))
  }, numeric(3))),
  simplex = function(n) {
    parts <- matrix(rgamma(3 * n, 3), n)
    parts / rowSums(parts)
  },
  angle = function(n) runif(n, -3, 3),
  zero_or_positive = function(n) rbinom(n, 1, 0.7) * rexp(n),
  unit_closed = function(n) pmin(pmax(runif(n, -0.2, 1.2), 0), 1),
  vector = function(n) matrix(rnorm(2 * n), n),
  class = function(n) sample(3, n, TRUE),
  direction = function(n) {
    points <- matrix(rnorm(3 * n, 1), n)
    points / sqrt(rowSums(points^2))
  }
)

response_of <- function(support) {
  set.seed(3)
  draw <- responses[[support]]
  if (is.null(draw)) stop("no response for the support '", support, "'")
  draw(length(train$x))
}

# The raw columns that the exported model takes; what R alone can evaluate comes
# from the package.
raw_columns <- function(model) {
  described <- package$from_json(model$spec$json)$columns
  evaluated <- package$columns_of(model$spec, new)
  columns <- lapply(described, function(column) {
    if (isTRUE(column$external)) evaluated[[column$name]] else new[[column$name]]
  })
  stats::setNames(columns, vapply(described, function(c) c$name, ""))
}

expected_of <- function(model) {
  out <- as.data.frame(predict(model, new, type = "parameters"))
  if (package$predictor_columns(model) > 1) {
    # The exported file counts the columns behind a dot.
    names(out) <- sub("_([0-9]+)$", ".\\1", names(out))
  }
  out <- c(
    out, numbered("mean", predict(model, new)),
    numbered("stddev", stddev(model, new))
  )
  first <- names(model$spec$terms)[1]
  out[["(by hand)"]] <- by_hand(model, first, new)[, 1]
  out[["(linear predictor)"]] <- predict(model, new, type = "link")[, 1]
  out
}

# The columns of a matrix as the exported file calls them.
numbered <- function(name, values) {
  columns <- as.data.frame(values)
  names(columns) <- if (ncol(values) == 1) {
    name
  } else {
    paste0(name, ".", seq_len(ncol(values)))
  }
  columns
}

quantile_levels <- function(family) {
  if ("quantile" %in% family$has) c(0.1, 0.5, 0.975)
}

# What the options of an export add: quantiles, and densities of responses.
expected_of_family <- function(model, y) {
  levels <- quantile_levels(model$family)
  out <- list()
  if (length(levels) > 0) {
    out <- as.data.frame(quant(model, new, levels))
    names(out) <- paste0("quantile_", levels)
  }
  out[["(log density)"]] <- log_score(model, new, y)[, 1]
  out
}

# Every word of the specification that stands for a thing to compute.
words_of <- function(model) {
  spec <- unlist(package$from_json(model$spec$json))
  kinds <- "(^|[.])(kind|basis|type|call|activation|family|family.name)$"
  unique(unname(spec[grepl(kinds, names(spec))]))
}

export_case <- function(name, y, formulas, network = dense, family = "normal") {
  model <- deepregression(y, formulas, list(d = network),
    family = family, data = train, seed = 11L, output_dim = NCOL(y)
  )
  fit(model, epochs = 3, batch_size = 50, verbose = FALSE)
  path <- file.path(folder, name)
  is_family <- inherits(family, "response_family")
  suppressMessages(export_onnx(model, paste0(path, ".onnx"),
    quantiles = if (is_family) quantile_levels(model$family),
    log_density = is_family
  ))
  write_table(raw_columns(model), paste0(path, "-rows.csv"))
  expected <- expected_of(model)
  if (is_family) {
    some <- as.matrix(y)[seq_along(new$x), , drop = FALSE]
    write_table(list(y = some), paste0(path, "-response.csv"))
    expected <- c(expected, expected_of_family(model, some))
  }
  write_table(expected, paste0(path, "-expected.csv"))
  seen <<- union(seen, words_of(model))
}

y <- response_of("real")
for (name in names(terms)) {
  export_case(paste0("term-", name), y, list(terms[[name]], ~ 1 + z))
}
for (name in names(networks)) {
  export_case(
    paste0("layer-", name), y, list(~ 1 + d(x, z), ~1), networks[[name]]
  )
}
# A family by name with values for the options that it needs.
family_of <- function(name, options) {
  values <- list(level = 0.8, trials = 20, categories = 3, dimension = 2)
  needed <- intersect(sub("^\\[(.*)\\]$", "\\1", options), names(values))
  do.call(response_family, c(list(name), values[needed]))
}

export_family <- function(name, family, y) {
  q <- length(family$parameters)
  formulas <- c(~ 1 + x + g, rep(list(~ 1 + z), q - 1))
  export_case(paste0("family-", name), y, formulas, family = family)
}

families <- names_families()
for (i in seq_len(nrow(families))) {
  options <- strsplit(families$options[i], ", ")[[1]]
  family <- family_of(families$family[i], options)
  support <- if ("categories" %in% options) "class" else family$support
  export_family(families$family[i], family, response_of(support))
}

export_family("custom", create_family(
  log_density = function(y, loc, scale) {
    z <- (y - loc) / scale
    -z - 2 * log1p(exp(-z)) - log(scale)
  },
  trafo_list = list("identity", function(x) 0.01 + exp(x)),
  mean = function(loc) loc, stddev = function(scale) scale * pi / sqrt(3)
), response_of("real"))
export_family("composed", create_family(
  function(mu) tfd_negbinom_ls(mu = mu, r = mu^2 + 1), "exp"
), response_of("count"))
export_family(
  "mixture", mixture_family(c("gamma", "log_normal")), response_of("positive")
)
export_family(
  "inflated", inflated_family("poisson", c(0, 3)), response_of("count")
)

offered <- c(
  "intercept", "linear", "smooth", "offset", "deep", "numeric", "factor",
  "matrix", "double", "logical", "tp", "cr", "cc", "ps", "re",
  "external", "+", "-", "*", "/", "^", "exp", "log", "log2", "log10", "log1p",
  "expm1", "sqrt", "abs", "sin", "cos", "tanh", "sign", "floor", "ceiling",
  "pmin", "pmax", "<", "<=", ">", ">=", "==", "dense", "activation", "dropout",
  "batch_normalization", "concatenate", "add", package$activation_names,
  families$family, "custom", "composed", "mixture", "inflated"
)
missed <- setdiff(offered, seen)
if (length(missed)) stop("in no case: ", paste(missed, collapse = ", "))
