import Detection
import Statistics
import TidewatchTestKit

/// A model with one numeric column `x` and one categorical column `c`, and windows of it at any shift.
struct World {
    let profile: ReferenceProfile
    private let encoder: ReferenceEncoder
    private let seed: UInt64

    init(seed: UInt64 = 1) throws {
        var stream = DriftStream(seed: seed)
        profile = ReferenceBuilder.build(columns: [
            (name: "x", values: .numeric(stream.normals(5_000))),
            (name: "c", values: .categorical(stream.categories(5_000, weights: [5, 3, 2]))),
        ])
        encoder = ReferenceEncoder(profile)
        self.seed = seed
    }

    /// Windows follow each other, 60 µs each.
    func start(_ index: Int) -> Int64 { Int64(index) * 60 }

    /// The window's values depend on its index alone; `c` never drifts, `x` is moved by `shift` deviations.
    func window(_ index: Int, rows: Int, shift: Double) -> DriftWindow {
        var stream = DriftStream(seed: seed &* 1_000 &+ UInt64(index) &+ 7)
        let pane = PaneAccumulator(encoder: encoder)
        let categories = stream.categories(rows, weights: [5, 3, 2])
        for (number, category) in zip(stream.normals(rows, shift: shift), categories) {
            pane.events += 1
            pane.add(numeric: number, column: 0)
            var text = category
            text.withUTF8 { pane.add(category: UnsafeRawBufferPointer($0), column: 1) }
        }
        return DriftWindow(
            startMicroseconds: start(index), endMicroseconds: start(index) + 60, summary: pane.summary())
    }

    /// Labelled pairs of a binary model; every other actual label is positive unless only one class is wanted.
    func pairs(_ index: Int, right: Int, wrong: Int, bothClasses: Bool = true) -> PerformanceWindow {
        var summary = PerformanceSummary(task: .binary(positive: "yes"))
        for row in 0..<(right + wrong) {
            let positive = bothClasses ? row % 2 == 0 : true
            summary.add(score: 0.5, predictedPositive: (row < right) == positive, positive: positive)
        }
        return PerformanceWindow(
            startMicroseconds: start(index), endMicroseconds: start(index) + 60, summary: summary)
    }
}
