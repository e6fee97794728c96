import Registry
import Windowing

/// Commands take effect between two boundaries, and the ledger says between which: whoever goes through the same stream
/// again, after a crash or in a replay, goes over to the version at the same place.
///
/// Predictions and pairs have boundaries of their own, and which of them is ahead depends on how the streams were read.
/// So a command has a position in each, and neither is decided beyond its own until the other has come there too.
extension Coordinator {
    /// How far a model has been decided on.
    func position(of name: String) -> StreamPosition { models[name]?.position ?? .beginning }

    /// The same of predictions alone, which is what a learned reference depends on.
    func predictionPosition(of name: String) -> StreamPosition {
        StreamPosition(predictionsMicroseconds: position(of: name).predictionsMicroseconds, pairsMicroseconds: .min)
    }

    /// Takes a command: at once where its place has been reached, else when it is.
    func schedule(_ command: ChampionCommand, of name: String) -> [CoordinatorAction] {
        guard let model = models[name], command.sequence > model.lastCommand else { return [] }
        models[name]?.upcoming.append(command)
        return takeDueCommands(of: name)
    }

    /// Takes what a ledger knows; models that are not configured are left out.
    func schedule(_ history: CommandHistory) -> [CoordinatorAction] {
        for (key, reference) in history.references where models[key.model] != nil { references[key] = reference }
        return models.keys.sorted().flatMap { name in
            (history.champions[name] ?? []).flatMap { schedule($0, of: name) }
        }
    }

    /// Commands whose place has been decided on already.
    private func takeDueCommands(of name: String) -> [CoordinatorAction] {
        var actions: [CoordinatorAction] = []
        while let next = models[name]?.upcoming.first, position(of: name).hasReached(next.position) {
            actions += takeCommand(of: name)
        }
        return actions
    }

    /// Takes the model's next command.
    func takeCommand(of name: String) -> [CoordinatorAction] {
        guard let command = models[name]?.upcoming.first else { return [] }
        models[name]?.upcoming.removeFirst()
        models[name]?.appliedCommand = command.sequence
        models[name]?.decide(through: command.position)
        let actions = crown(
            command.version, of: name, reference: command.reference, trainedOn: command.trainedOn,
            importance: command.importance, predecessor: command.predecessor)
        return [.commandTaken(model: name, command)] + actions
    }
}

extension WatchedModel {
    /// How far it has been decided on, in event time.
    var position: StreamPosition {
        StreamPosition(
            predictionsMicroseconds: decided.drift == .min ? .min : settings.geometry.start(of: decided.drift),
            pairsMicroseconds: decidedPairsMicroseconds)
    }

    /// The newest command that it knows of.
    var lastCommand: Int64 { upcoming.last?.sequence ?? appliedCommand }

    /// The place of a command in panes.
    func panes(of position: StreamPosition) -> DecidedPanes {
        DecidedPanes(
            drift: settings.geometry.closedBefore(watermark: position.predictionsMicroseconds),
            pairs: settings.geometry.closedBefore(watermark: position.pairsMicroseconds))
    }

    /// Nothing before a command's place is decided after it.
    fileprivate mutating func decide(through position: StreamPosition) {
        let place = panes(of: position)
        decided = DecidedPanes(drift: max(decided.drift, place.drift), pairs: max(decided.pairs, place.pairs))
    }
}
