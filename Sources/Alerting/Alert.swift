import Crypto
public import Detection

/// Whether what an alert speaks about still holds.
public enum AlertStatus: String, Codable, Sendable {
    case firing, resolved
}

/// Why an alert is over.
public enum AlertResolveReason: String, Codable, Sendable {
    /// The detector found the number back on the good side of its clear level.
    case cleared
    /// The model version it speaks about was replaced.
    case superseded
}

/// One episode of one detector: from the window that raised it to the one that cleared it.
public struct Alert: Codable, Sendable, Equatable {
    /// 32 hexadecimal characters; the same for the same model, detector and onset, whoever finds it and how often.
    public let id: String
    public let model: String
    public let version: String
    /// The detector's name: `drift/vicprice/psi`, with its segment where it has one: `performance/accuracy@region=north`.
    public let detector: String
    public var severity: Severity
    public var status: AlertStatus
    /// Start of the window that raised it, microseconds since 1970 UTC.
    public let onsetMicroseconds: Int64
    /// End of the window that cleared it, or the moment it was superseded; `nil` while firing.
    public var resolvedMicroseconds: Int64?
    /// What was last said: while firing the latest verdict `drift`, when cleared the clearing one.
    public var verdict: Verdict
    /// `nil` while firing.
    public var resolveReason: AlertResolveReason?

    /// The alert that a first verdict `drift` opens.
    init(onset verdict: Verdict) {
        id = Self.id(model: verdict.model, detector: verdict.detector, onsetMicroseconds: verdict.windowStart)
        model = verdict.model
        version = verdict.version
        detector = verdict.detector
        severity = verdict.severity
        status = .firing
        onsetMicroseconds = verdict.windowStart
        self.verdict = verdict
    }

    /// The first 32 hexadecimal characters of the SHA-256 of `model|detector|onset`.
    public static func id(model: String, detector: String, onsetMicroseconds: Int64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let digest = SHA256.hash(data: Array("\(model)|\(detector)|\(onsetMicroseconds)".utf8))
        let text = digest.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    func resolved(_ reason: AlertResolveReason, atMicroseconds: Int64) -> Alert {
        var alert = self
        alert.status = .resolved
        alert.resolveReason = reason
        alert.resolvedMicroseconds = atMicroseconds
        return alert
    }
}
