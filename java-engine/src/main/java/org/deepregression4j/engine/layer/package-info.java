/**
 * Layers of deep networks as graph expressions: a {@link org.deepregression4j.engine.layer.Network}
 * applies {@link org.deepregression4j.engine.layer.Layer layers} and asks a {@link
 * org.deepregression4j.engine.layer.LayerContext} for weights. Defaults are those of Keras 2.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.engine.layer;
