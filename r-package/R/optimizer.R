#' Optimizers
#'
#' What `deepregression(optimizer = )` and `fit(optimizer = )` take. An argument
#' that is not given is left to the engine, which holds the defaults.
#'
#' @param learning_rate step size, at least 0.
#' @param beta_1,beta_2 decay of the two moments, from 0 to 1.
#' @param epsilon added to the root of the second moment, at least 0.
#' @param momentum momentum, from 0 to 1.
#' @param nesterov `TRUE` for Nesterov's momentum.
#' @param rho decay of the mean square, from 0 to 1.
#' @param centered `TRUE` subtracts the mean gradient.
#' @param lr old name of `learning_rate`.
#' @return An object of class `optimizer`.
#' @source Kingma and Ba (2015) for Adam; Nesterov (1983); Hinton's lecture 6e
#'   for RMSprop.
#' @examples
#' optimizer_adam(learning_rate = 0.01)
#' optimizer_sgd(learning_rate = 0.1, momentum = 0.9, nesterov = TRUE)
#' @name optimizers
NULL

#' @rdname optimizers
#' @export
optimizer_adam <- function(learning_rate = NULL, beta_1 = NULL, beta_2 = NULL,
                           epsilon = NULL, lr = NULL) {
  new_optimizer("adam",
    learning_rate = one_learning_rate(learning_rate, lr),
    beta_1 = check_number(beta_1, "optimizer_adam(beta_1)", 0, 1),
    beta_2 = check_number(beta_2, "optimizer_adam(beta_2)", 0, 1),
    epsilon = check_number(epsilon, "optimizer_adam(epsilon)", 0)
  )
}

#' @rdname optimizers
#' @export
optimizer_sgd <- function(learning_rate = NULL, momentum = NULL,
                          nesterov = NULL, lr = NULL) {
  new_optimizer("sgd",
    learning_rate = one_learning_rate(learning_rate, lr),
    momentum = check_number(momentum, "optimizer_sgd(momentum)", 0, 1),
    nesterov = check_switch(nesterov, "optimizer_sgd(nesterov)")
  )
}

#' @rdname optimizers
#' @export
optimizer_rmsprop <- function(learning_rate = NULL, rho = NULL,
                              momentum = NULL, epsilon = NULL,
                              centered = NULL, lr = NULL) {
  new_optimizer("rmsprop",
    learning_rate = one_learning_rate(learning_rate, lr),
    rho = check_number(rho, "optimizer_rmsprop(rho)", 0, 1),
    momentum = check_number(momentum, "optimizer_rmsprop(momentum)", 0, 1),
    epsilon = check_number(epsilon, "optimizer_rmsprop(epsilon)", 0),
    centered = check_switch(centered, "optimizer_rmsprop(centered)")
  )
}

new_optimizer <- function(type, ...) {
  structure(drop_null(list(type = type, ...)), class = "optimizer")
}

one_learning_rate <- function(learning_rate, lr) {
  if (!is.null(learning_rate) && !is.null(lr)) {
    refuse("give `learning_rate` or its old name `lr`, not both")
  }
  rate <- if (is.null(learning_rate)) lr else learning_rate
  check_number(rate, "learning_rate", 0)
}

as_optimizer <- function(optimizer) {
  if (is.null(optimizer)) {
    return(NULL)
  }
  if (is.character(optimizer) && length(optimizer) == 1 &&
    optimizer %in% c("adam", "sgd", "rmsprop")) {
    return(list(type = optimizer))
  }
  if (!inherits(optimizer, "optimizer")) {
    refuse("`optimizer` must be an optimizer_adam(), optimizer_sgd() or ",
      "optimizer_rmsprop(), got ", describe_value(optimizer)
    )
  }
  unclass(optimizer)
}

#' @export
print.optimizer <- function(x, ...) {
  settings <- unlist(x[names(x) != "type"])
  cat("<optimizer ", x$type,
    if (length(settings)) ": ",
    paste(names(settings), settings, sep = " = ", collapse = ", "), ">\n",
    sep = ""
  )
  invisible(x)
}
