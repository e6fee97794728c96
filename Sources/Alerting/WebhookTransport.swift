import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What a receiver answered.
struct TransportAnswer: Sendable, Equatable {
    var status: Int
    var retryAfter: String?
}

/// Sends one POST and reads the status: no redirects, no cookies, no more than 64 kB of an answer, an end in time.
final class WebhookTransport: Sendable {
    private let session: URLSession
    private let delegate = TransportDelegate()

    init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        session = URLSession(configuration: configuration, delegate: delegate, delegateQueue: nil)
    }

    deinit { session.invalidateAndCancel() }

    func post(
        _ body: [UInt8], headers: [String: String], to endpoint: WebhookEndpoint
    ) async -> Result<TransportAnswer, DeliveryFailure> {
        var request = URLRequest(url: endpoint.url)
        request.httpMethod = "POST"
        request.httpBody = Data(body)
        // Idle time; the whole is bounded below.
        request.timeoutInterval = Double(endpoint.timeoutMicroseconds) / 1_000_000
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("tidewatch", forHTTPHeaderField: "User-Agent")
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let task = session.dataTask(with: request)
        // URLSession's own limit starts anew with every byte: a receiver that drips would hold the endpoint for ever.
        let deadline = Task {
            try await Task.sleep(for: .microseconds(endpoint.timeoutMicroseconds))
            task.cancel()
        }
        defer { deadline.cancel() }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { delegate.start(task, continuation: $0) }
        } onCancel: {
            task.cancel()
        }
        switch outcome {
        case .answered(let answer): return .success(answer)
        case .cut: return .failure(.timedOut(endpoint.timeoutMicroseconds))
        case .failed(let reason): return .failure(.unreachable(reason))
        }
    }
}

private enum TransportOutcome: Sendable {
    case answered(TransportAnswer)
    /// Timed out or cancelled by us.
    case cut
    case failed(String)
}

private final class TransportDelegate: NSObject, URLSessionDataDelegate, Sendable {
    private struct Exchange {
        var continuation: CheckedContinuation<TransportOutcome, Never>
        var answer: TransportAnswer?
        var bytes = 0
    }

    private static let maximumAnswerBytes = 65_536

    private let exchanges = Mutex<[Int: Exchange]>([:])

    func start(_ task: URLSessionDataTask, continuation: CheckedContinuation<TransportOutcome, Never>) {
        exchanges.withLock { $0[task.taskIdentifier] = Exchange(continuation: continuation) }
        task.resume()
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        note(response, of: task)
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        note(response, of: dataTask)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let bytes = exchanges.withLock { exchanges in
            exchanges[dataTask.taskIdentifier]?.bytes += data.count
            return exchanges[dataTask.taskIdentifier]?.bytes ?? 0
        }
        if bytes > Self.maximumAnswerBytes { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let exchange = exchanges.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        // Once there is a status, it counts, whatever became of the rest of the answer.
        let answer = exchange.answer ?? Self.answer(task.response)
        if let answer {
            exchange.continuation.resume(returning: .answered(answer))
        } else if let code = (error as? URLError)?.code, code == .cancelled || code == .timedOut {
            exchange.continuation.resume(returning: .cut)
        } else {
            let reason = error.map { ($0 as NSError).localizedDescription } ?? "it closed the connection"
            exchange.continuation.resume(returning: .failed(reason))
        }
    }

    private func note(_ response: URLResponse, of task: URLSessionTask) {
        exchanges.withLock { $0[task.taskIdentifier]?.answer = Self.answer(response) }
    }

    private static func answer(_ response: URLResponse?) -> TransportAnswer? {
        guard let response = response as? HTTPURLResponse else { return nil }
        return TransportAnswer(
            status: response.statusCode, retryAfter: response.value(forHTTPHeaderField: "Retry-After"))
    }
}
