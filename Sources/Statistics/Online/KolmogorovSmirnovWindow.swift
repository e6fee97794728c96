/// KSWIN: the newest values of a window against as many drawn from the rest of it, by the exact Kolmogorov–Smirnov test.
///
/// Every value is a test, so alarms come at a rate near α times the values, less what neighbouring tests share: choose α
/// with that in mind. After a drift the newest values become the window.
/// Raab, Heusinger, Schleif 2020, *Reactive Soft Prototype Computing for Concept Drift Streams*. The draw follows from the
/// seed, so that the same stream gives the same alarms; as in river the statistic must exceed 0.1 too.
public struct KolmogorovSmirnovWindow: OnlineDetector {
    public struct Parameters: Codable, Equatable, Sendable {
        /// 0…1, for one test.
        public var alpha: Double
        /// Values in the window.
        public var windowSize: Int
        /// Newest values, and values drawn; at most half of the window.
        public var sampleSize: Int
        public var seed: UInt64

        public init(alpha: Double = 0.005, windowSize: Int = 100, sampleSize: Int = 30, seed: UInt64 = 0) {
            precondition(alpha > 0 && alpha < 1 && (1...10_000).contains(sampleSize) && windowSize >= 2 * sampleSize)
            self.alpha = alpha
            self.windowSize = windowSize
            self.sampleSize = sampleSize
            self.seed = seed
        }
    }

    public let parameters: Parameters
    public private(set) var refusedCount: Int64 = 0
    public private(set) var count: Int64 = 0
    /// The smallest n·D that is a drift, n the sample size; larger than n where none is.
    private let criticalCount: Int
    /// A ring; `next` is where the next value goes, which is the oldest once it is full.
    private var ring: [Double] = []
    private var next = 0
    /// The newest values in ascending order, once the ring is full.
    private var newest: [Double] = []
    /// A permutation of the places of the older values, the one of the last draw.
    private var places: [Int]
    private var drawn: [Double] = []
    private var randomState: UInt64

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
        criticalCount = Self.criticalCount(parameters)
        places = Array(0..<(parameters.windowSize - parameters.sampleSize))
        randomState = parameters.seed
    }

    public mutating func update(_ value: Double) -> OnlineSignal {
        guard OnlineDomain.holdsNumber(value) else {
            refusedCount += 1
            return .refused
        }
        count += 1
        append(value)
        guard ring.count == parameters.windowSize else { return .none }
        draw()
        guard Self.largestDifference(drawn, newest) >= criticalCount else { return .none }
        keepNewest()
        return .drift
    }

    public mutating func reset() {
        let refused = refusedCount
        self = KolmogorovSmirnovWindow(parameters)
        refusedCount = refused
    }

    private mutating func append(_ value: Double) {
        let size = parameters.windowSize
        if ring.count < size {
            ring.append(value)
            if ring.count == size { newest = ring.suffix(parameters.sampleSize).sorted() }
            return
        }
        // What was the oldest of the newest becomes an older value.
        let leaving = ring[(next + size - parameters.sampleSize) % size]
        newest.remove(at: newest.firstIndexNotBelow(leaving))
        newest.insert(value, at: newest.firstIndexNotBelow(value))
        ring[next] = value
        next = (next + 1) % size
    }

    /// Draws without replacement from the older values (a partial Fisher–Yates shuffle of their places).
    private mutating func draw() {
        drawn.removeAll(keepingCapacity: true)
        for index in 0..<parameters.sampleSize {
            let other = index + Int(random() % UInt64(places.count - index))
            places.swapAt(index, other)
            drawn.append(ring[(next + places[index]) % parameters.windowSize])
        }
        drawn.sort()
    }

    private mutating func keepNewest() {
        let size = parameters.windowSize
        ring = (0..<parameters.sampleSize).map { ring[(next + size - parameters.sampleSize + $0) % size] }
        next = 0
        newest = []
        count = Int64(ring.count)
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    private mutating func random() -> UInt64 {
        randomState &+= 0x9E37_79B9_7F4A_7C15
        var mixed = randomState
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// n·D of two ascending samples of n values.
    private static func largestDifference(_ one: [Double], _ other: [Double]) -> Int {
        var (i, j, largest) = (0, 0, 0)
        while i < one.count, j < other.count {
            let value = min(one[i], other[j])
            while i < one.count, one[i] <= value { i += 1 }
            while j < other.count, other[j] <= value { j += 1 }
            largest = max(largest, abs(i - j))
        }
        return largest
    }

    private static func criticalCount(_ parameters: Parameters) -> Int {
        let size = parameters.sampleSize
        let sample = (0..<size).map(Double.init)
        return (1...size).first { count in
            // Two samples of which one is the other moved by `count` places have n·D = count.
            let moved = sample.map { $0 + Double(count) - 0.5 }
            let result = TwoSampleTests.kolmogorovSmirnov(sample, moved, method: .exact)
            return result.pValue <= parameters.alpha && Double(count) / Double(size) > 0.1
        } ?? size + 1
    }
}

extension [Double] {
    /// In an ascending array: the first place whose value is at least this.
    fileprivate func firstIndexNotBelow(_ value: Double) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
