package org.ratehouse.connect.websocket;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Defines options that stand together in a form, in the order in which they are defined. */
final class OptionGroup {

  private final ConfigDef options;
  private final String group;
  private int order;

  OptionGroup(ConfigDef options, String group) {
    this.options = options;
    this.group = group;
  }

  OptionGroup text(
      String name,
      String displayName,
      Object defaultValue,
      Validator validator,
      Importance importance,
      String documentation) {
    return add(
        name,
        displayName,
        Type.STRING,
        defaultValue,
        validator,
        importance,
        Width.LONG,
        documentation);
  }

  OptionGroup number(
      String name,
      String displayName,
      long defaultValue,
      Validator validator,
      Importance importance,
      String documentation) {
    return add(
        name,
        displayName,
        Type.LONG,
        defaultValue,
        validator,
        importance,
        Width.SHORT,
        documentation);
  }

  OptionGroup count(
      String name,
      String displayName,
      int defaultValue,
      Validator validator,
      Importance importance,
      String documentation) {
    return add(
        name,
        displayName,
        Type.INT,
        defaultValue,
        validator,
        importance,
        Width.SHORT,
        documentation);
  }

  OptionGroup add(
      String name,
      String displayName,
      Type type,
      Object defaultValue,
      Validator validator,
      Importance importance,
      Width width,
      String documentation) {
    options.define(
        name,
        type,
        defaultValue,
        validator,
        importance,
        documentation,
        group,
        ++order,
        width,
        displayName);
    return this;
  }
}
