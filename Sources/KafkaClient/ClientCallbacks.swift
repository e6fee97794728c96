import CRdKafka
import Synchronization

/// The one opaque object that the library hands back to every callback of a client.
///
/// `@unchecked Sendable`: `rebalance` is set and called by the polling thread alone (the library runs that callback
/// inside a poll); the rest is immutable or behind the `Mutex`.
final class ClientCallbacks: @unchecked Sendable {
    typealias Rebalance = (rd_kafka_resp_err_t, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) -> Void

    private struct State {
        var errors: [KafkaError] = []
        var fatal: KafkaError?
        var statistics: [UInt8]?
    }

    /// More than this between two polls says nothing new.
    private static let maximumErrors = 64

    var rebalance: Rebalance?
    let delivery: DeliveryReports?
    private let logHandler: KafkaLogHandler?
    private let state = Mutex(State())

    init(logHandler: KafkaLogHandler?, delivery: DeliveryReports? = nil) {
        self.logHandler = logHandler
        self.delivery = delivery
    }

    /// The object behind an opaque pointer that ``Configuration`` has set.
    static func from(_ opaque: UnsafeMutableRawPointer) -> ClientCallbacks {
        Unmanaged<ClientCallbacks>.fromOpaque(opaque).takeUnretainedValue()
    }

    func report(_ error: KafkaError) {
        state.withLock { state in
            if error.isFatal, state.fatal == nil { state.fatal = error }
            if state.errors.count < Self.maximumErrors { state.errors.append(error) }
        }
    }

    func takeErrors() -> [KafkaError] {
        state.withLock { state in
            guard !state.errors.isEmpty else { return [] }
            defer { state.errors = [] }
            return state.errors
        }
    }

    var fatalError: KafkaError? { state.withLock { $0.fatal } }

    func keepStatistics(_ document: [UInt8]) {
        state.withLock { $0.statistics = document }
    }

    /// The newest statistics document, once.
    func takeStatistics() -> [UInt8]? {
        state.withLock { $0.statistics.take() }
    }

    func log(level: Int32, facility: UnsafePointer<CChar>?, text: UnsafePointer<CChar>?) {
        guard let logHandler else { return }
        logHandler(
            KafkaLogLine(
                level: Int(level), facility: facility.map { String(cString: $0) } ?? "",
                text: text.map { String(cString: $0) } ?? ""))
    }
}
