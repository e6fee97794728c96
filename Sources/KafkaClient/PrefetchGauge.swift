/// Tells from the number of waiting messages when a prefetch queue that was nearly full has room again.
///
/// The library fetches no more while its queue holds `queued.min.messages` or `queued.max.messages.kbytes`, but says
/// only how many messages are in it; their bytes are estimated from the size of those that were read.
struct PrefetchGauge {
    private let maximumMessages: Double
    private let maximumBytes: Double
    /// Bytes of a message, a running mean.
    private var meanBytes = 0.0
    /// The most messages that have waited since there was room last.
    private var fullest = 0

    /// - Parameter properties: what the client is configured with; the library's own defaults stand in.
    init(properties: [String: String]) {
        maximumMessages = properties["queued.min.messages"].flatMap(Double.init) ?? 100_000
        maximumBytes = 1_024 * (properties["queued.max.messages.kbytes"].flatMap(Double.init) ?? 65_536)
    }

    /// Notes the size of a message that has been read.
    mutating func note(bytes: Int) { meanBytes += (Double(bytes) - meanBytes) / 16 }

    /// Whether a quarter of what had filled more than half of the queue has gone; true once for each such quarter.
    ///
    /// - Parameter waiting: messages in the queue now.
    mutating func hasRoomAgain(waiting: Int) -> Bool {
        fullest = max(fullest, waiting)
        guard waiting < fullest - fullest / 4 else { return false }
        defer { fullest = waiting }
        return Double(fullest) > maximumMessages / 2 || Double(fullest) * meanBytes > maximumBytes / 2
    }
}
