/// The fields of the native schema that can be wrong.
public enum EventField: String, Sendable, CaseIterable {
    case id, kind, time, unit, model, score, value, label, scores, weight, version, features, revision, variant
    case knownAt = "known_at"
}
