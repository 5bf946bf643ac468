# Fits one model by seed and writes its data and weights; SameSeedTest makes the
# same in Java.
#
# Rscript same-seed.R FOLDER     (from this folder)

source("common.R")

folder <- commandArgs(TRUE)[1]
data <- toy_data(150, seed = 5)
data$y <- data$x + rnorm(150)

network <- function(x) {
  x %>% layer_dense(4, "tanh") %>% layer_batch_normalization() %>%
    layer_dropout(rate = 0.1) %>% layer_dense(1)
}

model <- deepregression(
  data$y, list(loc = ~ 1 + x + g + net(x, z), scale = ~ 1 + z),
  list(net = network), family = "normal", data = data, seed = 7L
)
weights <- list(start = model$state$weights)
history <- fit(model,
  epochs = 4, batch_size = 32, seed = 9L, verbose = FALSE,
  optimizer = optimizer_adam(learning_rate = 0.01)
)
weights$fitted <- model$state$weights

write_table(data[c("x", "z", "g", "y")], file.path(folder, "data.csv"))
write_table(weights, file.path(folder, "weights.csv"))
write_table(
  list(loss = history$metrics$loss, val_loss = history$metrics$val_loss),
  file.path(folder, "history.csv")
)
write_table(
  as.list(as.data.frame(predict(model, type = "parameters"))),
  file.path(folder, "parameters.csv")
)
