import Storage
import Synchronization

/// Delivers the outbox's messages to webhooks.
///
/// Endpoints are served side by side, each one's messages one after another. All times come from the caller; chance
/// comes from the seed. `tick` may be called again while an earlier one still waits for a slow receiver: that endpoint
/// is passed over, the others are served.
public final class WebhookNotifier: Sendable {
    private struct EndpointState {
        var isBusy = false
        var isDisabled = false
        /// No attempt before this time, microseconds since 1970 UTC.
        var notBeforeMicroseconds = Int64.min
        /// Failures in a row that concern the endpoint as a whole.
        var failures = 0
        var generator: JitterGenerator
    }

    /// Bounds a tick so that its `now` stays well within the receivers' tolerance of 5 minutes.
    private static let maximumMessagesPerTick = 16

    public let endpoints: [WebhookEndpoint]
    private let outbox: Outbox
    private let backoff: Backoff
    private let maximumConcurrency: Int
    private let transport = WebhookTransport()
    private let states: Mutex<[String: EndpointState]>

    /// - Parameters:
    ///   - endpoints: names unique.
    ///   - seed: of the jitter.
    ///   - maximumConcurrency: endpoints served at the same time in one tick.
    public init(
        endpoints: [WebhookEndpoint], outbox: Outbox, backoff: Backoff = Backoff(), seed: UInt64,
        maximumConcurrency: Int = 32
    ) {
        precondition(Set(endpoints.map(\.name)).count == endpoints.count, "webhook names are unique")
        precondition(maximumConcurrency > 0, "at least one endpoint is served at a time")
        self.endpoints = endpoints
        self.outbox = outbox
        self.backoff = backoff
        self.maximumConcurrency = maximumConcurrency
        states = Mutex(
            Dictionary(
                uniqueKeysWithValues: endpoints.map {
                    ($0.name, EndpointState(generator: JitterGenerator(seed: seed, name: $0.name)))
                }))
    }

    /// Delivers what is due; returns when every endpoint served has answered or failed.
    ///
    /// - Parameter nowMicroseconds: the wall clock's time, microseconds since 1970 UTC.
    public func tick(nowMicroseconds: Int64) async -> NotifierReport {
        var report = NotifierReport()
        var givenUp: [GivenUpMessage] = []
        report.recording { givenUp = try outbox.tidy(nowMicroseconds: nowMicroseconds) }
        report.givenUp = givenUp
        await withTaskGroup(of: NotifierReport.self) { group in
            for (index, endpoint) in endpoints.enumerated() {
                if index >= maximumConcurrency, let finished = await group.next() { report.merge(finished) }
                group.addTask { await self.serve(endpoint, nowMicroseconds: nowMicroseconds) }
            }
            for await finished in group { report.merge(finished) }
        }
        report.disabledEndpoints = states.withLock { states in
            states.filter { $0.value.isDisabled }.map(\.key).sorted()
        }
        return report
    }

    private func serve(_ endpoint: WebhookEndpoint, nowMicroseconds: Int64) async -> NotifierReport {
        var report = NotifierReport()
        switch begin(endpoint.name, nowMicroseconds: nowMicroseconds) {
        case .waiting: return report
        case .busy:
            report.busyEndpoints = [endpoint.name]
            return report
        case .begun: break
        }
        defer { states.withLock { $0[endpoint.name]?.isBusy = false } }
        for _ in 0..<Self.maximumMessagesPerTick {
            // One at a time: a delivered `firing` makes its `resolved` due.
            var next: OutboxMessage?
            report.recording {
                next = try outbox.due(endpoint: endpoint.name, nowMicroseconds: nowMicroseconds, limit: 1).first
            }
            guard let message = next else { break }
            let goesOn = await attempt(message, at: endpoint, nowMicroseconds: nowMicroseconds, report: &report)
            guard goesOn else { break }
        }
        return report
    }

    /// - Returns: whether the endpoint's next message may be tried.
    private func attempt(
        _ message: OutboxMessage, at endpoint: WebhookEndpoint, nowMicroseconds: Int64, report: inout NotifierReport
    ) async -> Bool {
        let headers = StandardWebhook.sign(
            id: message.messageID, timestampSeconds: nowMicroseconds / 1_000_000, body: message.body,
            secrets: endpoint.secrets)
        let result = await transport.post(message.body, headers: headers, to: endpoint)
        // The agent is stopping: the attempt does not count, the message stays for the next start.
        if case .failure = result, Task.isCancelled { return false }
        let decision = decide(result, on: message, nowMicroseconds: nowMicroseconds)
        report.attempts.append(
            DeliveryAttempt(
                endpoint: endpoint.name, messageID: message.messageID, attempt: message.failures + 1,
                outcome: decision.outcome))
        let isRecorded = report.recording {
            switch decision.outcome {
            case .delivered: try outbox.markDelivered(message, nowMicroseconds: nowMicroseconds)
            case .retry(let failure, let next):
                try outbox.markFailed(message, nextAttemptMicroseconds: next, error: failure.description)
            case .endpointDisabled: break
            }
        }
        // What cannot be written down would be tried again at once.
        return isRecorded && decision.goesOn
    }

    private enum Start { case begun, busy, waiting }

    private func begin(_ name: String, nowMicroseconds: Int64) -> Start {
        states.withLock { states in
            guard var state = states[name] else { return .waiting }
            if state.isBusy { return .busy }
            if state.isDisabled || nowMicroseconds < state.notBeforeMicroseconds { return .waiting }
            state.isBusy = true
            states[name] = state
            return .begun
        }
    }

    private func decide(
        _ result: Result<TransportAnswer, DeliveryFailure>, on message: OutboxMessage, nowMicroseconds: Int64
    ) -> (outcome: DeliveryOutcome, goesOn: Bool) {
        states.withLock { states in
            guard var state = states[message.endpoint] else { preconditionFailure("only known endpoints are served") }
            defer { states[message.endpoint] = state }
            let failure: DeliveryFailure
            var wait: Int64?
            switch result {
            case .success(let answer) where (200..<300).contains(answer.status):
                state.failures = 0
                return (.delivered(status: answer.status), true)
            case .success(let answer) where answer.status == 410:
                state.isDisabled = true
                return (.endpointDisabled, false)
            case .success(let answer):
                failure = DeliveryFailure(status: answer.status)
                wait = answer.retryAfter.flatMap {
                    RetryAfter.delayMicroseconds($0, nowMicroseconds: nowMicroseconds)
                }
            case .failure(let cause): failure = cause
            }
            let isOfEndpoint = failure.concernsEndpoint
            state.failures = isOfEndpoint ? state.failures + 1 : 0
            let delay = backoff.delayMicroseconds(
                failures: max(state.failures, message.failures + 1), using: &state.generator)
            let asked = isOfEndpoint ? wait ?? 0 : 0
            // At least a microsecond, so that the message is not due again in this tick.
            let next = nowMicroseconds + (asked > 0 ? asked : delay)
            if isOfEndpoint { state.notBeforeMicroseconds = next }
            return (.retry(failure, atMicroseconds: next), !isOfEndpoint)
        }
    }
}

extension DeliveryFailure {
    /// - Parameter status: neither a success nor 410.
    fileprivate init(status: Int) {
        switch status {
        case 429, 503: self = .throttled(status)
        case 300..<400: self = .redirected(status)
        default: self = .status(status)
        }
    }
}

extension NotifierReport {
    /// Runs a step on the outbox; its failure becomes part of the report.
    @discardableResult
    fileprivate mutating func recording(_ step: () throws -> Void) -> Bool {
        do {
            try step()
            return true
        } catch let error as StorageError {
            storageErrors.append(error)
        } catch {
            storageErrors.append(StorageError(.ioFailure, "the outbox failed: \(error)", path: ""))
        }
        return false
    }
}
