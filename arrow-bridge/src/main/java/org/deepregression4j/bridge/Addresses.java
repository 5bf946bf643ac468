package org.deepregression4j.bridge;

import org.deepregression4j.bridge.BridgeException.ArgumentException;

/** Addresses cross as decimal text: a Java long would come out of R as a double. */
final class Addresses {
  private Addresses() {}

  static long parse(String argument, String text) {
    long address;
    try {
      address = Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new ArgumentException(
          argument, argument + ": expected a decimal address, got '" + text + "'");
    }
    if (address == 0) {
      throw new ArgumentException(argument, argument + ": expected an address, got 0");
    }
    return address;
  }
}
