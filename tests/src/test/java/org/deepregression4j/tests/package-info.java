/** What crosses languages: R, the Java API, exported ONNX. Scripts are in {@code src/test/r}. */
package org.deepregression4j.tests;
