import Alerting
import Registry
import Retraining
import Windowing

/// What the coordinator wants done. It decides; its driver does.
enum CoordinatorAction: Sendable {
    case referenceLearned(ModelVersionKey, events: Int64, endMicroseconds: Int64)
    case windowJudged(JudgedWindow)
    case alert(AlertTransition)
    case train(TrainingRequest)
    /// The promoted version is worse than its predecessor on the same rows.
    case rollBack(model: String, version: String, reason: String)
    /// The model has gone over to another version.
    case commandTaken(model: String, ChampionCommand)
    case probationPassed(model: String, version: String, text: String)
    case problem(String)
}

/// A retraining run that is due, with its rows as of now.
struct TrainingRequest: Sendable, Equatable {
    var model: String
    var trigger: RetrainingTrigger
    var rows: [LabelledRow]
    /// The champion to beat; `nil` where the registry has none.
    var champion: String?
    /// The boundary of pairs at which it was due, event time, microseconds: all rows were complete before it.
    var atMicroseconds: Int64
    /// Where in the log the rows lie; empty where that is not known.
    var stretches: [LogStretch] = []
}
