import Foundation
import Learning
import Registry
import Retraining
import Statistics
import Synchronization
import Testing

@testable import Agent

/// A training never starves the stream: its thread is nicer than those of the stream, and so are the threads it starts.
@Suite struct TrainingPriorityTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    /// The niceness that a new thread of the caller's begins with.
    private static func ofANewThread() -> Int32 {
        let found = Mutex<Int32>(0)
        let isDone = DispatchSemaphore(value: 0)
        Thread {
            found.withLock { $0 = BackgroundPriority.current }
            isDone.signal()
        }.start()
        isDone.wait()
        return found.withLock { $0 }
    }

    /// Runs on a thread of its own: the priority of a thread cannot be raised again.
    private func alone(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            Thread {
                body()
                continuation.resume()
            }.start()
        }
    }

    @Test func theAgentsTrainer() async throws {
        let usual = BackgroundPriority.current
        let seen = Mutex<[Int32]>([])
        let coordinator = Mailbox<CoordinatorMessage>(capacity: 4)
        let settings = RetrainingSettings(
            task: .binary(positive: "yes"), holdout: 0.2, metric: .accuracy, minimumGain: 0,
            parameters: BoostingParameters())
        let trainer = Trainer(
            registry: try StateDirectory(path: "\(folder.path)/state").registry, settings: ["loans": settings],
            coordinator: coordinator,
            rowsOfLog: [
                "loans": { _ in
                    // Where a training reads its rows it is under way.
                    seen.withLock { $0 = [BackgroundPriority.current, Self.ofANewThread()] }
                    return []
                }
            ])
        trainer.start(TrainingRequest(model: "loans", trigger: .onDemand, rows: [], atMicroseconds: 0))
        trainer.stop()
        await alone { trainer.run() }
        #expect(seen.withLock { $0 } == [BackgroundPriority.niceness, BackgroundPriority.niceness])
        #expect(BackgroundPriority.niceness > usual && BackgroundPriority.current == usual)
        #expect(coordinator.receive(timeout: 0)?.count == 1)
    }

    /// It is lowered before anything is read: here the table is missing.
    @Test func theCommand() async throws {
        let asked = TrainOptions(dataPath: "\(folder.path)/absent.csv", target: "paid")
        let found = Mutex<(code: Int32?, niceness: Int32)>((nil, -99))
        await alone {
            let code = stop { try TrainCommand.run(asked) }?.exitCode
            found.withLock { $0 = (code, BackgroundPriority.current) }
        }
        #expect(found.withLock { $0.code } == 2)
        #expect(found.withLock { $0.niceness } == BackgroundPriority.niceness)
    }

    /// Nobody trains on more threads than one unless it is asked for.
    @Test func oneThreadUnlessMoreAreAskedFor() throws {
        #expect(BoostingParameters().threads == 1)
        #expect(TrainOptions(dataPath: "", target: nil).threads == 1)
        var options = try folder.options(TrainFolder.loans(100))
        options.threads = 0
        #expect(stop { try train(options) }?.message?.contains("--threads") == true)
    }
}
