package org.deepregression4j.engine.family;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of families. Names, order of parameters and links are those of the R package
 * deepregression.
 */
public final class Families {
  private static final Map<String, Family> ROWS = rows();

  private Families() {}

  private static Map<String, Family> rows() {
    Map<String, Family> rows = new LinkedHashMap<>();
    for (List<Family> part :
        List.of(
            RealFamilies.rows(),
            StudentFamilies.rows(),
            PositiveFamilies.rows(),
            HeavyTailFamilies.rows(),
            UnitFamilies.rows(),
            CountFamilies.rows(),
            CategoricalFamilies.rows())) {
      part.forEach(family -> rows.put(family.name(), family));
    }
    return Collections.unmodifiableMap(rows);
  }

  /** Every family, in the order of the table. */
  public static Collection<Family> all() {
    return ROWS.values();
  }

  /**
   * The family of that name.
   *
   * @throws FamilyException listing the names there are
   */
  public static Family named(String name) {
    Family family = ROWS.get(name);
    if (family == null) {
      throw new FamilyException("unknown family '" + name + "'; there are " + ROWS.keySet());
    }
    return family;
  }
}
