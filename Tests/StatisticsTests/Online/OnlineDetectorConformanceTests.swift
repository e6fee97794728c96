import Foundation
import Statistics
import Testing
import TidewatchTestKit

/// What every online detector must do, each tried on the same streams.
@Suite struct OnlineDetectorConformanceTests {
    /// Errors at a rate, or normal values at a mean, that moves at `position`.
    private static func stream(_ kind: OnlineDetectorKind, _ count: Int, change position: Int, seed: UInt64) -> [Double]
    {
        var stream = DriftStream(seed: seed)
        return (0..<count).map { index in
            let isAfter = index >= position
            guard kind.takesErrors else { return stream.normal(mean: isAfter ? 3 : 0) }
            return stream.uniform() <= (isAfter ? 0.6 : 0.1) ? 1 : 0
        }
    }

    private static func signals(_ detector: inout AnyOnlineDetector, _ values: some Sequence<Double>) -> [OnlineSignal]
    {
        values.map { detector.update($0) }
    }

    private static func encoded(_ detector: AnyOnlineDetector) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(detector)
    }

    @Test(arguments: OnlineDetectorKind.allCases)
    func aSnapshotGoesOnAsTheOriginal(kind: OnlineDetectorKind) throws {
        let values = Self.stream(kind, 3_000, change: 1_700, seed: 1)
        for cut in [0, 1, 99, 100, 101, 1_000, 1_717, 2_500] {
            var whole = AnyOnlineDetector(kind)
            let before = Self.signals(&whole, values.prefix(cut))
            var restored = try JSONDecoder().decode(AnyOnlineDetector.self, from: Self.encoded(whole))
            #expect(restored == whole && restored.count == whole.count)
            #expect(Self.signals(&restored, values.dropFirst(cut)) == Self.signals(&whole, values.dropFirst(cut)))
            #expect(restored == whole && before.count == cut)
        }
    }

    @Test(arguments: OnlineDetectorKind.allCases)
    func theSameStreamGivesTheSameSignals(kind: OnlineDetectorKind) {
        var one = AnyOnlineDetector(kind)
        var other = AnyOnlineDetector(kind)
        let values = Self.stream(kind, 3_000, change: 1_500, seed: 2)
        #expect(Self.signals(&one, values) == Self.signals(&other, values))
    }

    @Test(arguments: OnlineDetectorKind.allCases)
    func aResetIsAsNew(kind: OnlineDetectorKind) {
        var used = AnyOnlineDetector(kind)
        _ = Self.signals(&used, Self.stream(kind, 2_345, change: 1_500, seed: 3))
        used.reset()
        #expect(used == AnyOnlineDetector(kind))
    }

    /// In nearly all streams: one that has just alarmed falsely knows too little of the time before the change.
    @Test(arguments: OnlineDetectorKind.allCases)
    func anObviousChangeIsSeenSoon(kind: OnlineDetectorKind) {
        var delays: [Int] = []
        for seed in UInt64(10)..<21 {
            var detector = AnyOnlineDetector(kind)
            let signals = Self.signals(&detector, Self.stream(kind, 2_000, change: 1_000, seed: seed))
            let seen = signals.indices.first { $0 >= 1_000 && signals[$0] == .drift }
            delays.append((seen ?? 2_000) - 1_000)
        }
        #expect(delays.count { $0 == 1_000 } <= 2, "\(delays)")
        #expect(delays.sorted()[5] <= 150, "\(delays)")
    }

    @Test(arguments: OnlineDetectorKind.allCases)
    func aConstantStreamIsCalm(kind: OnlineDetectorKind) {
        for value in [0.0, 1.0] {
            var detector = AnyOnlineDetector(kind)
            let signals = Self.signals(&detector, repeatElement(value, count: 5_000))
            #expect(!signals.contains(.drift) && !signals.contains(.refused), "\(value)")
        }
    }

    /// Nothing that is no number gets in, and nothing that is one breaks a detector.
    @Test(arguments: OnlineDetectorKind.allCases)
    func hostileValuesAreRefusedAndChangeNothing(kind: OnlineDetectorKind) throws {
        var detector = AnyOnlineDetector(kind)
        var clean = AnyOnlineDetector(kind)
        let values = Self.stream(kind, 1_000, change: 2_000, seed: 4)
        let hostile = [Double.nan, .infinity, -.infinity, 1e308, -1e308, .greatestFiniteMagnitude]
        for (index, value) in values.enumerated() {
            let signal = detector.update(value)
            #expect(signal == clean.update(value))
            if index % 50 == 0 {
                for bad in hostile { #expect(detector.update(bad) == .refused) }
            }
        }
        #expect(detector.count == clean.count && detector.refusedCount == 120)
        let tiny = [0.0, -0.0, .leastNonzeroMagnitude, 1e-300]
        for value in tiny where !kind.takesErrors || value == 0 { #expect(detector.update(value) != .refused) }
        for value in [1e100, -1e100, 1e99] where !kind.takesErrors { #expect(detector.update(value) != .refused) }
        for value in values { _ = detector.update(value) }
        // Infinities and NaN have no JSON.
        _ = try Self.encoded(detector)
    }

    @Test(arguments: OnlineDetectorKind.allCases)
    func memoryIsBounded(kind: OnlineDetectorKind) throws {
        var detector = AnyOnlineDetector(kind)
        var stream = DriftStream(seed: 5)
        for index in 0..<60_000 {
            _ = detector.update(kind.takesErrors ? (stream.uniform() < 0.2 ? 1 : 0) : Double(index % 7))
        }
        #expect(try Self.encoded(detector).count < 12_000)
    }

    @Test func kswinAlarmsNoMoreOftenThanItsTests() {
        var drifts = 0
        var detector = KolmogorovSmirnovWindow(KolmogorovSmirnovWindow.Parameters(alpha: 0.0001))
        var stream = DriftStream(seed: 6)
        for _ in 0..<20_000 where detector.update(stream.normal()) == .drift { drifts += 1 }
        #expect(drifts <= 8, "\(drifts)")
    }
}
