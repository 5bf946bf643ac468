# s(), te(), ti() and t2(), with `df`, `sp` and `zerocons` besides mgcv's own
# arguments.
smooth_term <- function(parsed, context) {
  options <- smooth_options(parsed, context)
  specification <- smooth_specification(parsed, context)
  variables <- smooth_variables(specification)
  for (name in variables) check_column(name, context, parsed$name)
  data <- basis_data(context$data[variables], context)
  check_numeric(specification, data, parsed$name)
  objects <- construct_smooths(specification, data, context, parsed$name)
  pieces <- lapply(objects, smooth_piece, options = options, data = data,
                   objects = objects, context = context, term = parsed$name)
  penalty <- join_penalties(pieces, context$sp_scale)
  labels <- unlist(lapply(pieces, `[[`, "labels"))
  spec <- list(kind = "smooth", name = parsed$name, labels = as.list(labels),
               smooths = lapply(pieces, `[[`, "spec"))
  if (length(penalty$matrices)) spec$penalty <- penalty
  new_term(
    "smooth", parsed$name, spec, labels, label = specification$label,
    variables = variables, by = by_of(specification),
    smooth_variables = setdiff(variables, all_names_of(by_of(specification))),
    factors = factor_columns(data),
    smooths = lapply(pieces, `[[`, "smooth"), penalty = penalty,
    externals = unlist(lapply(pieces, `[[`, "externals"), recursive = FALSE)
  )
}

smooth_options <- function(parsed, context) {
  args <- as.list(parsed$call)
  value <- function(name) eval(args[[name]], context$env)
  df <- value("df")
  if (!is.null(df) && (!is.numeric(df) || !isTRUE(df > 0))) {
    abort_spec("term_error", "term '", parsed$name,
               "': expected `df` > 0, got ", text_of(df))
  }
  sp <- value("sp")
  list(
    df = df %||% context$penalty$df, zerocons = value("zerocons"),
    df_given = !is.null(df) || isTRUE(context$penalty$df_given),
    # mgcv means "not given" by a negative sp.
    sp = if (!is.null(sp) && !all(sp < 0)) sp
  )
}

smooth_specification <- function(parsed, context) {
  args <- as.list(parsed$call)
  own <- (names(args) %||% "") %in% c("df", "sp", "zerocons")
  call <- as.call(args[!rep_len(own, length(args))])
  mgcv_call(mgcv_specification(call, context$env), parsed$name)
}

# The same smooth of several parameters is constructed once.
construct_smooths <- function(specification, data, context, term) {
  for (known in context$constructed$smooths) {
    if (identical(known$specification, specification)) return(known$objects)
  }
  objects <- mgcv_call(
    mgcv_construct(
      specification, data, NROW(data[[1L]]), context$penalty
    ), term
  )
  objects <- lapply(objects, function(object) {
    object$S <- Filter(Negate(is.null), object$S)
    object
  })
  made <- list(specification = specification, objects = objects)
  context$constructed$smooths <- c(context$constructed$smooths, list(made))
  objects
}

# Runs mgcv, whose errors do not name the term.
mgcv_call <- function(expr, term) {
  tryCatch(expr, error = function(e) {
    abort_spec("term_error", "term '", term, "': mgcv says: ",
               conditionMessage(e), fields = list(parent = e))
  })
}

# Bases of numbers, which mgcv would try to evaluate on factor codes.
check_numeric <- function(specification, data, term) {
  numeric_bases <- paste0(c("tp", "ts", "cr", "cs", "cc", "ps", "cp", "bs",
                            "gp", "ds", "ad"), ".smooth.spec")
  if (!inherits(specification, numeric_bases)) return(invisible())
  is_factor <- vapply(data[intersect(specification$term, names(data))],
                      is.factor, NA)
  if (any(is_factor)) {
    abort_spec("term_error", "term '", term, "': expected a numeric variable, ",
               quote_names(names(is_factor)[is_factor]), " is a factor; use ",
               "bs = \"re\" for a random effect, or `by`")
  }
}

factor_columns <- function(data) {
  columns <- Filter(is.factor, data)
  Map(describe_column, names(columns), columns)
}

smooth_variables <- function(specification) {
  unique(c(unlist(lapply(specification$term, all_names_of)),
           all_names_of(by_of(specification))))
}

all_names_of <- function(text) {
  if (is.null(text)) character() else all.vars(parse(text = text))
}

by_of <- function(specification) {
  if (!identical(specification$by, "NA")) specification$by
}

check_column <- function(name, context, term) {
  if (!name %in% names(context$data)) {
    abort_unknown_variable(name, context, term)
  }
}

# One smooth object as: SMOOTH for the engine, evaluator for R, penalty.
smooth_piece <- function(object, options, data, objects, context, term) {
  Z <- smooth_constraint(objects, options, context$penalty, data)
  # Each row that the basis was made of stands for so many.
  times <- context$n / nrow(object$X)
  penalty <- smooth_penalty(object, options, context$penalty, term, times)
  if (!is.null(Z)) {
    penalty$matrices <- lapply(penalty$matrices,
                               function(S) crossprod(Z, S %*% Z))
  }
  count <- if (is.null(Z)) ncol(object$X) else ncol(Z)
  smooth <- list(object = slim_smooth(object), transform = Z,
                 label = object$label, ncol = count)
  graph <- smooth_graph(object, Z, context)
  external <- if (is.null(graph)) {
    name <- if (length(objects) > 1L) paste0(term, ":", object$label) else term
    list(list(name = name, type = "matrix", width = count, smooth = smooth))
  }
  list(spec = graph %||% external_smooth(object$label, external[[1L]]$name),
       smooth = smooth, penalty = penalty, externals = external,
       labels = paste0(object$label, ".", seq_len(count)))
}

smooth_graph <- function(object, Z, context) {
  margins <- smooth_margins(object, context)
  by <- by_component(object, context)
  if (is.null(margins) || identical(by, "unknown")) return(NULL)
  spec <- list(label = object$label, margins = margins)
  if (!is.null(by)) spec$by <- by
  # A tensor product has the constraint that mgcv absorbed on the whole.
  absorbed <- if (inherits(object, "tensor.smooth")) absorbed_constraint(object)
  if (identical(absorbed, "unknown")) return(NULL)
  transform <- multiply(absorbed, Z)
  if (!is.null(transform)) spec$transform <- unname(transform)
  spec
}

external_smooth <- function(label, column) {
  list(label = label,
       margins = list(list(basis = "external", column = column)))
}

# NULL without `by`; the indicator of a level for a factor.
by_component <- function(object, context) {
  if (identical(object$by, "NA")) return(NULL)
  variable <- parse(text = object$by)[[1L]]
  if (!is.null(object$by.level)) {
    if (!is.name(variable)) return("unknown")
    levels <- levels(context$data[[object$by]])
    return(list(kind = "factor", column = object$by,
                contrasts = column(levels == object$by.level)))
  }
  compiled <- compile_expr(variable, context$data, baseenv())
  if (is.null(compiled)) return("unknown")
  list(kind = "numeric", expr = compiled)
}

# The penalties of all smooths of a term, on the term's columns.
join_penalties <- function(pieces, scale) {
  sizes <- vapply(pieces, function(p) p$smooth$ncol, 1L)
  before <- cumsum(c(0L, sizes))
  matrices <- lapply(seq_along(pieces), function(i) {
    lapply(pieces[[i]]$penalty$matrices, function(S) {
      full <- matrix(0, sum(sizes), sum(sizes))
      at <- before[i] + seq_len(sizes[i])
      full[at, at] <- S
      full
    })
  })
  lambdas <- unlist(lapply(pieces, function(p) p$penalty$lambdas))
  list(matrices = unname(unlist(matrices, recursive = FALSE)),
       lambdas = as.numeric(lambdas), scale = scale)
}

# The term's columns on new data: (n, p).
smooth_design <- function(term, data) {
  for (column in term$factors) {
    data[[column$name]] <- fit_factor(column, data[[column$name]])
  }
  design <- do.call(cbind, lapply(term$smooths, smooth_matrix, data = data))
  dimnames(design) <- list(NULL, term$labels)
  design
}

smooth_matrix <- function(smooth, data) {
  X <- mgcv_design(smooth$object, data)
  if (is.null(smooth$transform)) X else X %*% smooth$transform
}
