import Foundation
import Synchronization
import TidewatchTestKit

/// Runs seeded repetitions on all cores; the result is the same on any number of them.
enum Simulation {
    /// What `body` gave for each of `count` repetitions, in their order. Each gets a stream of its own, seeded by its index.
    static func run<Result: Sendable>(
        _ count: Int, seed: UInt64, _ body: @Sendable (inout DriftStream, _ index: Int) -> Result
    ) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            var mixer = SeededGenerator(seed: seed &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03)
            var stream = DriftStream(seed: mixer.next())
            let result = body(&stream, index)
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
