package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupActivities.OpenIncident;
import com.penguinmails.workflows.temporal.TenantScoped;
import io.temporal.activity.ActivityInterface;
import java.util.Map;

/// Incidents and decisions: what needs attention, and why something was decided. Every method may
/// be run more than once.
@ActivityInterface(namePrefix = "Incident.")
public interface IncidentActivities {
  /// Opens an incident for the entity, or renews the open one of the same cause.
  void open(OpenIncident order);

  /// Closes every open incident of the entity.
  void close(CloseIncidents order);

  /// Adds a decision to the append-only rows; the same one twice is one row.
  void decide(RecordDecision order);

  record CloseIncidents(TenantId tenant, String entity) implements TenantScoped {}

  /// Made by [#of], so that there is a sentence for it.
  ///
  /// @param entity workflow id of the entity
  /// @param step what was decided about
  /// @param inputs from what, by reference: ids, versions, names of facts
  /// @param rule by which rule
  /// @param answer what was decided
  /// @param runId the run that decided
  record RecordDecision(
      TenantId tenant,
      SetupId setup,
      String entity,
      String step,
      Map<String, String> inputs,
      String rule,
      String answer,
      String runId)
      implements TenantScoped {
    public RecordDecision {
      inputs = Map.copyOf(inputs);
    }

    /// @param runId the run that decided
    public static RecordDecision of(
        TenantId tenant,
        SetupId setup,
        String entity,
        String step,
        Map<String, String> inputs,
        Answer.Given given,
        String runId) {
      return new RecordDecision(
          tenant, setup, entity, step, inputs, given.answer().rule().text(), given.row(), runId);
    }
  }
}
