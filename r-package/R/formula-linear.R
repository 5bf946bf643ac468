# Terms are lists: name (as the user wrote it), label, type, ncol, labels (one
# per coefficient), variables, spec (TERM of docs/model-spec.md, still with
# matrices in place), externals, and what term_design() needs.
new_term <- function(type, name, spec, labels = character(), ...,
                     label = name, variables = character(),
                     externals = list()) {
  c(list(name = name, label = label, type = type, ncol = length(labels),
         labels = labels, variables = variables, spec = spec,
         externals = externals), list(...))
}

# The linear part of a formula: one term per label of linear_part(), coded
# as model.matrix(~ 1 + ...) codes it, whether or not the predictor itself has
# an intercept.
linear_terms <- function(part, context) {
  lapply(seq_along(part$labels), function(i) linear_term(part, i, context))
}

linear_term <- function(part, i, context) {
  components <- term_components(i, part, context)
  labels <- Reduce(
    function(a, b) as.vector(outer(a, b, paste, sep = ":")),
    lapply(components, `[[`, "labels")
  )
  components_term(part$labels[i], components, labels, joint = FALSE)
}

# One component per variable of the term; attr(terms, "factors") says whether
# a factor enters by contrasts (1) or by all its dummies (2).
term_components <- function(i, part, context, build = build_component) {
  coding <- unname(part$factors[, i])
  lapply(which(coding > 0), function(v) {
    build(part$variables[[v]], c("contrasts", "dummies")[coding[v]],
          context, part$labels[i])
  })
}

components_term <- function(name, components, labels, joint, type = "linear") {
  spec <- list(kind = "linear", name = name, labels = as.list(labels),
               components = unname(lapply(components, `[[`, "spec")))
  if (joint) spec$joint <- TRUE
  new_term(
    type, name, spec, labels, components = unname(components), joint = joint,
    variables = unique(unlist(lapply(components, `[[`, "variables"))),
    externals = unlist(unname(lapply(components, `[[`, "externals")),
                       recursive = FALSE)
  )
}

linear_design <- function(term, data) {
  matrices <- lapply(term$components, component_matrix, data = data)
  combine <- if (term$joint) function(m) do.call(cbind, m) else row_kronecker
  design <- combine(matrices)
  dimnames(design) <- list(NULL, term$labels)
  design
}

# lin(a + b), lin(a, b), lin(1, b): one joint term, its intercept stripped.
lin_term <- function(parsed, context) {
  args <- Filter(function(a) !is.numeric(a), as.list(parsed$call)[-1L])
  if (!length(args)) {
    abort_spec("term_error", "term '", parsed$name, "' names no variable")
  }
  joint_term(parsed, Reduce(function(a, b) call("+", a, b), args), context)
}

# The variables of a sum side by side in one term.
joint_term <- function(parsed, sum, context, build = build_component) {
  part <- linear_part(stats::as.formula(call("~", sum), env = globalenv()))
  if (any(colSums(part$factors > 0) > 1L)) {
    abort_spec("term_error", "term '", parsed$name, "': interactions are not ",
               "supported inside ", parsed$head, "(); write them as terms of ",
               "their own")
  }
  components <- unlist(
    lapply(seq_along(part$labels), term_components, part = part,
           context = context, build = build),
    recursive = FALSE
  )
  labels <- component_labels(components)
  components_term(parsed$name, components, labels, joint = TRUE)
}

intercept_term <- function(parsed = NULL, context = NULL) {
  name <- "(Intercept)"
  new_term("intercept", name, list(kind = "intercept", name = name), name)
}

# offset(expr): fixed weight 1, no coefficient.
offset_term <- function(parsed, context) {
  args <- as.list(parsed$call)[-1L]
  if (length(args) != 1L) {
    abort_spec("term_error", "term '", parsed$name, "': expected one argument")
  }
  expr <- args[[1L]]
  value <- evaluate_variable(expr, context, parsed$name)
  if (!is.numeric(value) || NCOL(value) != 1L) {
    abort_spec("term_error", "term '", parsed$name, "': expected a numeric ",
               "vector, got ", class(value)[1L])
  }
  component <- numeric_component(
    value, expr, stats::makepredictcall(value, expr),
    slim_env(expr, context$env, names(context$data)), "number", context,
    parsed$name
  )
  # An offset without a graph form reads the external column as its expression.
  spec <- component$spec$expr %||% list(column = component$spec$column)
  new_term(
    "offset", parsed$name,
    list(kind = "offset", name = parsed$name, expr = spec),
    variables = component$variables, components = list(component),
    externals = component$externals
  )
}

intercept_design <- function(term, data) {
  matrix(1, NROW(data[[1L]]), 1L, dimnames = list(NULL, term$labels))
}
