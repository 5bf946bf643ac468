/**
 * What R and Renjin call. {@link org.deepregression4j.bridge.Bridge} is the facade: one instance
 * per session, handles are strings, long work runs in {@link org.deepregression4j.bridge.Job jobs},
 * failures are {@link org.deepregression4j.bridge.BridgeException}s. Columns arrive through the
 * Arrow C Data Interface (<a
 * href="https://arrow.apache.org/docs/format/CDataInterface.html">specification</a>) or, when they
 * are few, as plain arguments; both give the same {@link org.deepregression4j.bridge.Table}. What
 * the engine does stands behind {@link org.deepregression4j.bridge.ModelService}.
 */
@NullMarked
package org.deepregression4j.bridge;

import org.jspecify.annotations.NullMarked;
