package com.penguinmails.sandbox.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.temporal.activity.ActivityInterface;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Chaos leaves no activity out: an interface that it does not know fails here, on the day it is
/// written.
class AllActivitiesTest {
  @Test
  void knowsEveryInterfaceThereIs() {
    var written =
        new ClassFileImporter()
            .importPackages("com.penguinmails").stream()
                .filter(type -> type.isAnnotatedWith(ActivityInterface.class))
                .filter(type -> type.getPackageName().startsWith("com.penguinmails.workflows"))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());

    assertThat(AllActivities.interfaces())
        .extracting(Class::getName)
        .containsExactlyInAnyOrderElementsOf(written);
    assertThat(AllActivities.types())
        .contains("Order.Buy", "Server.Apply", "Setup.Begin")
        .hasSizeGreaterThan(40);
  }
}
