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

    /// Notes the mean size of messages that have been read.
    mutating func note(bytes: Int, count: Int) {
        let weight = meanBytes == 0 ? 1 : min(1, Double(count) / 4_096)
        meanBytes += (Double(bytes) - meanBytes) * weight
    }

    /// Whether a quarter of what had filled more than half of the queue has gone; true once for each such quarter.
    ///
    /// - Parameters:
    ///   - waiting: messages in the queue now.
    ///   - taken: those that have just been taken from it, which may be all there were.
    mutating func hasRoomAgain(waiting: Int, taken: Int) -> Bool {
        fullest = max(fullest, waiting + taken)
        guard waiting < fullest - fullest / 4 else { return false }
        defer { fullest = waiting }
        return Double(fullest) > maximumMessages / 2 || Double(fullest) * meanBytes > maximumBytes / 2
    }
}
