public import Storage

/// Why an attempt failed, with what to do.
public enum DeliveryFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// An HTTP status that is no success.
    case status(Int)
    /// 429 or 503: the receiver asks for patience.
    case throttled(Int)
    /// A 3xx. A redirected POST would arrive elsewhere, or without its body, so none is followed.
    case redirected(Int)
    /// No complete answer in time; microseconds.
    case timedOut(Int64)
    /// No answer at all: connection refused, unknown host, TLS.
    case unreachable(String)

    public var description: String {
        switch self {
        case .status(let code): "the receiver answered \(code); its log should say why"
        case .throttled(let code): "the receiver answered \(code) and asks to wait"
        case .redirected(let code): "the receiver answered \(code), a redirect; configure the address it leads to"
        case .timedOut(let microseconds):
            "the receiver did not answer within \(Double(microseconds) / 1_000_000) s; it should answer first, work after"
        case .unreachable(let reason): "the receiver cannot be reached (\(reason)); check the address and the network"
        }
    }

    /// The trouble is the endpoint's and not the message's: its other messages wait too.
    var concernsEndpoint: Bool {
        switch self {
        case .throttled, .timedOut, .unreachable: true
        case .status, .redirected: false
        }
    }
}

/// What came of one attempt.
public enum DeliveryOutcome: Sendable, Equatable {
    case delivered(status: Int)
    /// To be tried again at this time, microseconds since 1970 UTC.
    case retry(DeliveryFailure, atMicroseconds: Int64)
    /// 410: the endpoint wants no more. Its messages wait until the agent is started again, or become too old.
    case endpointDisabled
}

/// One attempt, for the log and the counters.
public struct DeliveryAttempt: Sendable, Equatable {
    public let endpoint: String
    public let messageID: String
    /// 1 for the first.
    public let attempt: Int
    public let outcome: DeliveryOutcome
}

/// What a tick did.
public struct NotifierReport: Sendable, Equatable {
    /// In order for each endpoint.
    public var attempts: [DeliveryAttempt] = []
    /// Messages that became too old.
    public var givenUp: [GivenUpMessage] = []
    /// Endpoints passed over because an earlier tick is still delivering to them.
    public var busyEndpoints: [String] = []
    /// Endpoints that answered 410 since the start.
    public var disabledEndpoints: [String] = []
    /// The outbox could not be read or written; what was delivered may be repeated under the same id.
    public var storageErrors: [StorageError] = []

    public init() {}

    mutating func merge(_ other: NotifierReport) {
        attempts += other.attempts
        givenUp += other.givenUp
        busyEndpoints += other.busyEndpoints
        disabledEndpoints += other.disabledEndpoints
        storageErrors += other.storageErrors
    }
}
