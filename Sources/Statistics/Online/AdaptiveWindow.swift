import Foundation

/// ADWIN: a window of the newest values that shrinks from its old end as long as two parts of it have different means.
///
/// The window is an exponential histogram: rows of at most six buckets, those of row i hold 2ⁱ values, so that memory is
/// logarithmic. Every `clock` values each border between buckets is tried as a cut of lengths n₀ and n₁: it is a change
/// where abs(μ₀ − μ₁) > √(2/m · σ² · ln(2·ln n/δ)) + 2/(3m) · ln(2·ln n/δ), 1/m = 1/(n₀ − l + 1) + 1/(n₁ − l + 1) and l the
/// least length of a part; the oldest bucket is dropped then, and all is tried again.
/// Bifet, Gavaldà 2007, *Learning from Time-Changing Data with Adaptive Windowing*. After a change the newer part is kept,
/// as in the paper; river 0.23 throws it away as well.
public struct AdaptiveWindow: OnlineDetector {
    public struct Parameters: Codable, Equatable, Sendable {
        /// δ, 0…1: the smaller, the surer.
        public var delta: Double
        /// Values between two checks.
        public var clock: Int64
        /// Buckets of a row before two are merged.
        public var maximumBuckets: Int
        /// The least length of a part.
        public var minimumLength: Int
        /// Window lengths that are not checked.
        public var gracePeriod: Int

        public init(
            delta: Double = 0.002, clock: Int64 = 32, maximumBuckets: Int = 5, minimumLength: Int = 5,
            gracePeriod: Int = 10
        ) {
            precondition(delta > 0 && delta < 1 && clock >= 1 && maximumBuckets >= 2 && minimumLength >= 1)
            self.delta = delta
            self.clock = clock
            self.maximumBuckets = maximumBuckets
            self.minimumLength = minimumLength
            self.gracePeriod = gracePeriod
        }
    }

    public let parameters: Parameters
    public private(set) var refusedCount: Int64 = 0
    /// Values since the start or the last reset, those that have left the window among them.
    public private(set) var count: Int64 = 0
    /// Values in the window.
    public private(set) var width = 0.0
    private var total = 0.0
    /// Sum of squared deviations from the window's mean.
    private var squares = 0.0
    /// Row by row, the oldest bucket of a row first; each row has room for one bucket more than it keeps.
    var buckets: [Bucket]
    var filled: [Int]

    struct Bucket: Codable, Equatable, Sendable {
        var total = 0.0
        var squares = 0.0
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
        buckets = Array(repeating: Bucket(), count: parameters.maximumBuckets + 1)
        filled = [0]
    }

    /// The mean of the values in the window; `nil` for an empty one.
    public var mean: Double? { width > 0 ? total / width : nil }

    public mutating func update(_ value: Double) -> OnlineSignal {
        guard OnlineDomain.holdsNumber(value) else {
            refusedCount += 1
            return .refused
        }
        count += 1
        append(value)
        guard count % parameters.clock == 0, width > Double(parameters.gracePeriod) else { return .none }
        var hasDrifted = false
        while width > 1, hasCut() {
            dropOldest()
            hasDrifted = true
        }
        return hasDrifted ? .drift : .none
    }

    public mutating func reset() {
        let refused = refusedCount
        self = AdaptiveWindow(parameters)
        refusedCount = refused
    }

    private var stride: Int { parameters.maximumBuckets + 1 }

    private mutating func append(_ value: Double) {
        if width > 0 {
            let deviation = value - total / width
            squares += width * deviation * deviation / (width + 1)
        }
        width += 1
        total += value
        buckets[filled[0]] = Bucket(total: value, squares: 0)
        filled[0] += 1
        var row = 0
        while filled[row] > parameters.maximumBuckets {
            mergeOldest(of: row)
            row += 1
        }
    }

    /// The two oldest buckets of a full row become the newest of the next.
    private mutating func mergeOldest(of row: Int) {
        if row + 1 == filled.count {
            filled.append(0)
            buckets.append(contentsOf: repeatElement(Bucket(), count: stride))
        }
        let first = row * stride
        let (one, other) = (buckets[first], buckets[first + 1])
        let length = Self.length(row)
        let difference = (one.total - other.total) / length
        buckets[first + stride + filled[row + 1]] = Bucket(
            total: one.total + other.total,
            squares: one.squares + other.squares + length / 2 * difference * difference)
        filled[row + 1] += 1
        removeOldest(2, of: row)
    }

    private mutating func removeOldest(_ number: Int, of row: Int) {
        let first = row * stride
        for index in first..<(first + filled[row] - number) { buckets[index] = buckets[index + number] }
        filled[row] -= number
    }

    private mutating func dropOldest() {
        let row = filled.count - 1
        let bucket = buckets[row * stride]
        let length = Self.length(row)
        width -= length
        total -= bucket.total
        let difference = bucket.total / length - total / width
        squares = max(0, squares - bucket.squares - length * width * difference * difference / (length + width))
        removeOldest(1, of: row)
        while filled.count > 1, filled.last == 0 {
            filled.removeLast()
            buckets.removeLast(stride)
        }
    }

    /// Whether some cut parts the window in two of different means, the oldest cut first.
    private func hasCut() -> Bool {
        let least = Double(parameters.minimumLength)
        let confidence = log(2 * log(width) / parameters.delta)
        let spread = 2 * max(0, squares) / width * confidence
        var older = 0.0
        var olderTotal = 0.0
        for row in Swift.stride(from: filled.count - 1, through: 0, by: -1) {
            let length = Self.length(row)
            for index in 0..<filled[row] {
                older += length
                olderTotal += buckets[row * stride + index].total
                let newer = width - older
                guard newer >= least, older >= least else { continue }
                let difference = abs(olderTotal / older - (total - olderTotal) / newer)
                let reciprocal = 1 / (older - least + 1) + 1 / (newer - least + 1)
                if difference > (reciprocal * spread).squareRoot() + 2 / 3 * confidence * reciprocal { return true }
            }
        }
        return false
    }

    /// Values in a bucket of the row.
    private static func length(_ row: Int) -> Double { Double(sign: .plus, exponent: row, significand: 1) }
}
