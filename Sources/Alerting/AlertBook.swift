public import Detection

/// What changed: to be told to whoever listens, under `AlertMessage.id(for:)`.
public enum AlertTransition: Sendable, Equatable {
    /// The alert is new and firing.
    case fire(Alert)
    /// The alert is over.
    case resolve(Alert, AlertResolveReason)

    public var alert: Alert {
        switch self {
        case .fire(let alert), .resolve(let alert, _): alert
        }
    }
}

/// The life cycle of alerts: which are open, and what a verdict changes.
///
/// Pure state, part of the checkpoint: the same verdicts from the same book give the same transitions with the same ids.
public struct AlertBook: Codable, Sendable, Equatable {
    private struct Key: Codable, Hashable {
        var model: String
        var detector: String
    }

    private var open: [Key: Alert] = [:]

    public init() {}

    /// The open alerts, by model and detector.
    public var openAlerts: [Alert] {
        open.values.sorted { ($0.model, $0.detector) < ($1.model, $1.detector) }
    }

    /// The open alerts of one model, by detector.
    public func openAlerts(of model: String) -> [Alert] {
        open.values.filter { $0.model == model }.sorted { $0.detector < $1.detector }
    }

    /// Takes the verdicts of a window, in order.
    ///
    /// `drift` opens an alert where none is open and refreshes an open one; `ok` closes it; every other status leaves it.
    /// While the alert of one version is open, verdicts on another version of the model are passed over: its alert ends
    /// by `supersede`.
    public mutating func observe(_ verdicts: [Verdict]) -> [AlertTransition] {
        verdicts.compactMap { verdict in
            let key = Key(model: verdict.model, detector: verdict.detector)
            guard var alert = open[key] else {
                guard verdict.status == .drift else { return nil }
                let alert = Alert(onset: verdict)
                open[key] = alert
                return .fire(alert)
            }
            guard alert.version == verdict.version else { return nil }
            switch verdict.status {
            case .drift:
                alert.verdict = verdict
                alert.severity = verdict.severity
                open[key] = alert
                return nil
            case .ok:
                open[key] = nil
                alert.verdict = verdict
                return .resolve(alert.resolved(.cleared, atMicroseconds: verdict.windowEnd), .cleared)
            case .insufficient, .noData, .error, .learning:
                return nil
            }
        }
    }

    /// Closes the open alerts of a version that is no longer watched.
    ///
    /// - Parameter atMicroseconds: when it was replaced, microseconds since 1970 UTC.
    public mutating func supersede(
        model: String, version: String, atMicroseconds: Int64, where isOver: (Verdict) -> Bool = { _ in true }
    ) -> [AlertTransition] {
        openAlerts(of: model).filter { $0.version == version && isOver($0.verdict) }.map { alert in
            open[Key(model: alert.model, detector: alert.detector)] = nil
            return .resolve(alert.resolved(.superseded, atMicroseconds: atMicroseconds), .superseded)
        }
    }

    /// Takes alerts that were open in an earlier life, the oldest first, where none is open.
    public mutating func reopen(_ alerts: [Alert]) {
        for alert in alerts.sorted(by: { $0.onsetMicroseconds < $1.onsetMicroseconds }) {
            let key = Key(model: alert.model, detector: alert.detector)
            if open[key] == nil { open[key] = alert }
        }
    }
}

extension AlertBook {
    // The open alerts alone, in order: equal books have equal bytes.
    public init(from decoder: any Decoder) throws {
        for alert in try [Alert](from: decoder) {
            open[Key(model: alert.model, detector: alert.detector)] = alert
        }
    }

    public func encode(to encoder: any Encoder) throws { try openAlerts.encode(to: encoder) }
}
