# A component is one factor of a linear term's row-wise product, or one input
# of a network: `spec` goes to the engine, the rest evaluates it in R:
#   predvar  call that gives the variable on new data (safe prediction)
#   env      where the call finds what is not a column
#   levels, contrasts  of a factor;  labels  one per column
#   externals  columns that R has to evaluate for the engine
new_component <- function(spec, predvar, env, labels, levels = NULL,
                          contrasts = NULL, externals = list()) {
  list(spec = spec, predvar = predvar, env = env, labels = labels,
       levels = levels, contrasts = contrasts, externals = externals,
       variables = all.vars(predvar))
}

# Evaluates a variable of a formula on the data and describes it as a component.
# `coding`: "contrasts" (1 in attr(terms, "factors")) or "dummies" (2).
build_component <- function(expr, coding, context, term) {
  value <- evaluate_variable(expr, context, term)
  env <- slim_env(expr, context$env, names(context$data))
  predvar <- stats::makepredictcall(value, expr)
  if (is.character(value)) value <- factor(value)
  build <- if (is.factor(value)) {
    factor_component
  } else if (is.logical(value)) {
    logical_component
  } else if (is.matrix(value)) {
    matrix_component
  } else {
    numeric_component
  }
  build(value, expr, predvar, env, coding, context, term)
}

evaluate_variable <- function(expr, context, term) {
  check_variables(expr, context, term)
  value <- tryCatch(
    eval(expr, context$data, context$env),
    error = function(e) {
      abort_spec("term_error", "term '", term, "': '", text_of(expr),
                 "' failed: ", conditionMessage(e))
    }
  )
  if (length(dim(value)) > 2L) {
    abort_spec("term_error", "term '", term, "': expected a vector or a ",
               "matrix, '", text_of(expr), "' is an array of ",
               paste(dim(value), collapse = " x "))
  }
  if (is.data.frame(value)) value <- as.matrix(value)
  check_values(value, expr, term)
  if (NROW(value) != context$n) {
    abort_spec("term_error", "term '", term, "': expected ", context$n,
               " rows, '", text_of(expr), "' has ", NROW(value))
  }
  value
}

# The data are complete and finite; log(0) is not.
check_values <- function(value, expr, term) {
  if (surely_finite(value)) return(invisible())
  bad <- if (is.numeric(value)) !is.finite(value) else is.na(value)
  if (!any(bad)) return(invisible())
  first <- which(bad)[1L]
  abort_spec("not_finite", "term '", term, "': '", text_of(expr), "' has ",
             sum(bad), " missing or infinite value", if (sum(bad) > 1L) "s",
             ", the first, ", format(value[first]), ", in row ",
             (first - 1L) %% NROW(value) + 1L,
             " of the rows without missing values")
}

# Every name must be a column; a scalar of the formula's environment may stand
# inside a call, as in I(x^p).
check_variables <- function(expr, context, term) {
  for (name in all.vars(expr)) {
    if (name %in% names(context$data)) next
    scalar <- is.call(expr) && exists(name, envir = context$env) &&
      is.atomic(get(name, envir = context$env)) &&
      length(get(name, envir = context$env)) == 1L
    if (!scalar) abort_unknown_variable(name, context, term)
  }
}

abort_unknown_variable <- function(name, context, term) {
  abort_spec(
    "unknown_variable", "variable '", name, "' of term '", term,
    "' in formula '", text_of(context$formula), "' is not in the data, which ",
    "has ", quote_names(names(context$data)),
    fields = list(variable = name, formula = context$formula)
  )
}

factor_component <- function(value, expr, predvar, env, coding, context,
                             term) {
  value <- drop_unused(value)
  if (nlevels(value) < 2L && coding == "contrasts") {
    abort_spec("term_error", "term '", term, "': factor '", text_of(expr),
               "' has fewer than 2 levels in the data")
  }
  matrix <- stats::contrasts(value, contrasts = coding == "contrasts")
  names <- colnames(matrix) %||% as.character(seq_len(ncol(matrix)))
  externals <- if (!is.name(expr)) {
    list(list(name = text_of(expr), type = "factor", levels = levels(value),
              predvar = predvar, env = env))
  }
  new_component(
    list(kind = "factor", column = column_of(expr), contrasts = unname(matrix)),
    predvar, env, paste0(text_of(expr), names), levels(value), unname(matrix),
    externals
  )
}

# R codes a logical as a factor with the levels FALSE and TRUE.
logical_component <- function(value, expr, predvar, env, coding, context,
                              term) {
  warn_constant(value, text_of(expr), term)
  if (coding == "contrasts" || coding == "number") {
    label <- paste0(text_of(expr), if (coding == "contrasts") "TRUE")
    return(numeric_component(value, expr, predvar, env, coding, context, term,
                             label))
  }
  levels <- c("FALSE", "TRUE")
  labels <- paste0(text_of(expr), levels)
  externals <- if (!is.name(expr)) {
    list(list(name = text_of(expr), type = "factor", levels = levels,
              predvar = predvar, env = env))
  }
  new_component(
    list(kind = "factor", column = column_of(expr), contrasts = diag(2)),
    predvar, env, labels, levels, diag(2), externals
  )
}

matrix_component <- function(value, expr, predvar, env, coding, context, term) {
  for (j in seq_len(ncol(value))) {
    warn_constant(value[, j], paste0(text_of(expr), " column ", j), term)
  }
  names <- if (ncol(value) == 1L) {
    ""
  } else {
    colnames(value) %||% as.character(seq_len(ncol(value)))
  }
  externals <- if (!is.name(expr)) {
    list(list(name = text_of(expr), type = "matrix", width = ncol(value),
              predvar = predvar, env = env))
  }
  new_component(
    list(kind = "matrix", column = column_of(expr)), predvar, env,
    paste0(text_of(expr), names), externals = externals
  )
}

numeric_component <- function(value, expr, predvar, env, coding, context, term,
                              label = text_of(expr)) {
  warn_constant(value, text_of(expr), term)
  # makepredictcall changes the call of scale(), poly(), ...: such calls keep
  # what they learned on the training data and have no graph form.
  compiled <- if (is.name(expr)) {
    list(column = as.character(expr))
  } else if (identical(predvar, expr)) {
    compile_expr(expr, context$data, context$env)
  }
  if (!is.null(compiled)) {
    spec <- list(kind = "numeric", expr = compiled)
    return(new_component(spec, predvar, env, label))
  }
  name <- text_of(expr)
  new_component(
    list(kind = "matrix", column = name), predvar, env, label,
    externals = list(list(name = name, type = "matrix", width = 1L,
                          predvar = predvar, env = env))
  )
}

# The name of the column that holds an expression's value.
column_of <- function(expr) {
  if (is.name(expr)) as.character(expr) else text_of(expr)
}

warn_constant <- function(value, what, term) {
  if (length(value) < 2L || anyNA(value)) return(invisible())
  if (min(value) == max(value)) {
    warn_spec("constant_column", "term '", term, "': '", what,
              "' is constant in the data, so its effect is not identified",
              fields = list(term = term))
  }
}

# The component's columns on new data: (n, columns).
component_matrix <- function(component, data) {
  value <- eval(component$predvar, data, component$env)
  if (!is.null(component$levels)) {
    codes <- match(as.character(value), component$levels)
    check_levels(value, codes, component$levels, text_of(component$predvar))
    return(component$contrasts[codes, , drop = FALSE])
  }
  matrix(as.numeric(value), NROW(value), NCOL(value))
}

check_levels <- function(value, codes, levels, column) {
  unseen <- unique(as.character(value)[is.na(codes) & !is.na(value)])
  if (length(unseen)) {
    abort_spec("unseen_level", "column '", column, "': level",
               if (length(unseen) > 1L) "s", " ", quote_names(unseen),
               " did not occur in the training data, which had ",
               quote_names(levels),
               fields = list(column = column, levels = unseen))
  }
}

# Row-wise Kronecker product, the first matrix's columns fastest.
row_kronecker <- function(matrices) {
  Reduce(function(a, b) {
    a[, rep(seq_len(ncol(a)), ncol(b)), drop = FALSE] *
      b[, rep(seq_len(ncol(b)), each = ncol(a)), drop = FALSE]
  }, matrices)
}

# An environment with only what `expr` uses besides columns and packages, so
# that a saved model does not drag the caller's variables along.
slim_env <- function(expr, env, columns) {
  slim <- new.env(parent = globalenv())
  for (name in setdiff(all.names(expr, unique = TRUE), columns)) {
    copy_local(name, env, slim)
  }
  slim
}

copy_local <- function(name, from, to) {
  ends <- list(globalenv(), emptyenv(), baseenv(), .BaseNamespaceEnv)
  while (!any(vapply(ends, identical, NA, from))) {
    if (exists(name, envir = from, inherits = FALSE)) {
      assign(name, get(name, envir = from, inherits = FALSE), envir = to)
      return(invisible())
    }
    from <- parent.env(from)
  }
}
