# Tracing: a user's R function is called with symbolic expressions, and what it
# returns is written as EXPR of docs/model-spec.md.

#' Trace a function
#'
#' @param f the user's function.
#' @param symbols named list, see new_symbols(); those that `f` takes.
#' @param what how messages call it.
#' @param constant may it return a number?
#' @return What `f` returns: a symbolic expression, or an error that says what
#'   came instead.
#' @noRd
trace_function <- function(f, symbols, what, constant = FALSE) {
  result <- call_traced(f, symbols, what)
  number <- is.numeric(result) && length(result) == 1 && is.finite(result)
  if (!is_symbolic(result) && !(constant && number)) {
    refuse(what, " must return an expression of its arguments, one value per ",
      "row, got ", describe_value(result)
    )
  }
  result
}

call_traced <- function(f, arguments, what) {
  tryCatch(do.call(mask_function(f), arguments, quote = TRUE),
    error = function(e) refuse_trace(e, f, what)
  )
}

#' An error inside a traced function, with the function's name in front; one
#' that R's own functions raise on an expression names what they lack
#' @noRd
refuse_trace <- function(e, f, what) {
  if (inherits(e, "deepregression4j_error")) {
    e$message <- paste0(what, ": ", e$message)
    stop(e)
  }
  culprit <- conditionCall(e)
  name <- if (is.call(culprit)) text_of(culprit[[1]]) else ""
  branches <- intersect(c("if", "while", "&&", "||"), all.names(body(f)))
  if (is_foreign(name) && !name %in% branches) {
    refuse_function(name, paste0(" (", what, ": ", conditionMessage(e), ")"))
  }
  refuse(what, ": ", conditionMessage(e), if (length(branches) > 0) {
    paste0(" (its arguments are expressions: `", branches[1], "` of one of ",
      "them has no answer, write ifelse(), & and |)"
    )
  })
}

#' One of R's own functions, which got an expression that it cannot take?
#' @noRd
is_foreign <- function(name) {
  homes <- list(baseenv(), asNamespace("stats"))
  nzchar(name) && any(vapply(homes, function(home) {
    exists(name, home, mode = "function", inherits = FALSE)
  }, NA))
}

# ---- masks ----------------------------------------------------------------

#' The function, with stand-ins for what does not dispatch: in it, and in the
#' user's own functions that it calls
#' @noRd
mask_function <- function(f) {
  if (is_of_r(f)) {
    return(stand_in(f))
  }
  home <- environment(f)
  env <- new.env(parent = home)
  named <- c(all.names(body(f)), unlist(lapply(formals(f), all.names)))
  for (name in unique(named)) mask_name(name, home, env)
  environment(f) <- env
  f
}

#' What stands in for one of R's functions that was given itself, as plogis may
#' be for a link
#' @noRd
stand_in <- function(f) {
  for (name in names(masked_functions)) {
    original <- get0(name, asNamespace("stats"), mode = "function")
    if (identical(f, original)) return(masked_functions[[name]])
  }
  f
}

#' A user's function is masked when it is called first: it may call itself
#' @noRd
mask_name <- function(name, home, env) {
  original <- get0(name, home, mode = "function")
  if (is.null(original)) original <- numeric_functions[[name]]
  if (is.null(original)) {
    return(invisible())
  }
  if (!is_of_r(original)) {
    delayedAssign(name, mask_function(original), assign.env = env)
  } else if (!is.null(masked_functions[[name]])) {
    assign(name, mask_of(name, original), env)
  }
}

#' R's own functions and ours, as opposed to a user's
#' @noRd
is_of_r <- function(f) {
  home <- environment(f)
  of_r <- c("base", "stats", "utils", "methods", "deepregression4j")
  is.primitive(f) ||
    (isNamespace(home) && getNamespaceName(home) %in% of_r)
}

#' R's function for plain numbers, the symbolic one for expressions
#' @noRd
mask_of <- function(name, original) {
  symbolic <- masked_functions[[name]]
  function(...) {
    if (any_symbolic(list(...))) symbolic(...) else original(...)
  }
}

# ---- writing --------------------------------------------------------------

#' EXPR of a node or a number. What is used twice, and what would be nested too
#' deep for those who walk through it, is written once, under a name.
#' @noRd
expr_of <- function(node) {
  if (!is_symbolic(node)) {
    return(write_number(node))
  }
  nodes <- node$trace$nodes[seq_len(node$id)]
  bound <- bound_nodes(nodes)
  names <- character(length(nodes))
  names[bound] <- paste0(".", seq_along(bound))
  write <- function(id) write_node(nodes[[id]], replace(names, id, ""))
  if (length(bound) == 0) {
    return(write(node$id))
  }
  list(let = lapply(bound, function(id) {
    list(name = names[id], value = write(id))
  }), `in` = write(node$id))
}

#' Which of the nodes that the last one needs have a name of their own
#' @noRd
bound_nodes <- function(nodes, deepest = 20) {
  parts <- lapply(nodes, function(node) {
    vapply(Filter(is_symbolic, node$args), function(arg) arg$id, 0L)
  })
  used <- integer(length(nodes))
  used[length(nodes)] <- 1L
  for (id in rev(seq_along(nodes))) if (used[id] > 0) {
    for (part in parts[[id]]) used[part] <- used[part] + 1L
  }
  depth <- integer(length(nodes))
  for (id in seq_along(nodes)) {
    depth[id] <- 1L + max(0L, depth[parts[[id]]])
    if (used[id] > 1 || depth[id] > deepest) depth[id] <- 0L
  }
  calls <- lengths(parts) > 0
  setdiff(which(calls & used > 0 & depth == 0), length(nodes))
}

write_node <- function(node, names) {
  if (!is_symbolic(node)) {
    return(write_number(node))
  }
  if (nzchar(names[node$id])) {
    return(list(column = names[node$id]))
  }
  if (is.null(node$call)) {
    return(list(column = node$column))
  }
  list(call = node$call, args = lapply(node$args, write_node, names = names))
}

#' JSON has no infinite numbers
#' @noRd
write_number <- function(x) {
  if (is.finite(x)) {
    return(list(value = exact_number(x)))
  }
  list(call = "/", args = list(
    list(value = sign(x)), list(value = 0)
  ))
}
