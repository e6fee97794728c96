import Alerting
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
struct TrainingRequest: Sendable {
    var model: String
    var trigger: RetrainingTrigger
    var rows: [LabelledRow]
    /// The champion to beat; `nil` where the registry has none.
    var champion: String?
    var atMicroseconds: Int64
}
