import Dispatch
import Foundation
import Learning
import Synchronization

/// Turns SIGINT and SIGTERM into the cancellation of a training, while it lives.
final class CancelSignals: Sendable {
    private let isRaised = Atomic<Bool>(false)
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    /// Begins to listen; until ``stop()`` the signals no longer end the process.
    func listen() {
        sources.withLock { made in
            made = [SIGINT, SIGTERM].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { [weak self] in self?.isRaised.store(true, ordering: .relaxed) }
                source.resume()
                return source
            }
        }
    }

    func stop() {
        sources.withLock { made in
            for source in made { source.cancel() }
            made = []
        }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }

    var isCancelled: Bool { isRaised.load(ordering: .relaxed) }
}
