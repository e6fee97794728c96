import Alerting
import Registry
import Statistics
import Windowing

/// Which version is judged: the registry says so, and the ledger keeps from where in the stream on.
extension LiveEffects {
    /// Before the first output: takes over what was in force in an earlier life, and what has been commanded since.
    func start(with coordinator: Coordinator) -> [CoordinatorAction] {
        var actions: [CoordinatorAction] = []
        for name in coordinator.models.keys.sorted() {
            do {
                said[name] = StreamPosition(newestEnds: try parts.history.newestEnds(of: name))
                let commands = try CommandHistory(of: [name], in: parts.registry)
                // Nothing of a checkpoint: which alerts are open follows from the windows that were said.
                if coordinator.position(of: name) == .beginning, said[name] != .beginning {
                    coordinator.recall(try parts.history.spoken(of: name), of: name)
                }
                actions += coordinator.schedule(commands)
            } catch {
                observer(.problem("\(name): what was in force cannot be read from the registry: \(error)"))
            }
        }
        return actions + synchroniseChampions(with: coordinator)
    }

    /// Takes over what the registry says, whoever changed it: this agent, or somebody at the command line. The agent goes
    /// over to the version behind the boundaries that have been decided on, and behind what was said before a crash.
    func synchroniseChampions(with coordinator: Coordinator) -> [CoordinatorAction] {
        mustSynchronise = false
        return coordinator.models.keys.sorted().flatMap { name in
            do {
                return try synchroniseChampion(of: name, with: coordinator)
            } catch {
                mustSynchronise = true
                observer(.problem("\(name): the registry cannot be followed, which is tried again: \(error)"))
                return []
            }
        }
    }

    private func synchroniseChampion(of name: String, with coordinator: Coordinator) throws -> [CoordinatorAction] {
        let registry = parts.registry
        guard let model = coordinator.models[name], let champion = try registry.champion(of: name) else { return [] }
        let known = model.upcoming.last?.version ?? model.champion
        // A checkpoint from before commands had a place knows the champion, and the ledger does not know from where on.
        guard champion.version != known || model.lastCommand == 0 else { return [] }
        let entry = try registry.history(of: name).last {
            $0.version == champion.version && ($0.event == .promoted || $0.event == .rolledBack)
        }
        let shadow = try registry.shadow(of: name)
        let place = (model.upcoming.last?.position ?? .beginning).union(said[name] ?? .beginning)
        let effect = try registry.record(
            CommandEffect(
                model: name, version: champion.version, kind: entry?.event == .rolledBack ? .rolledBack : .promoted,
                command: entry?.sequence, predecessor: shadow?.artifactDigest == nil ? nil : shadow?.version,
                referenceDigest: champion.referenceDigest, position: coordinator.position(of: name).union(place)))
        parts.housekeeper.requestPublication()
        let command = try ChampionCommand(effect, in: registry)
        if let moment = command.position.moment, !coordinator.position(of: name).hasReached(command.position) {
            observer(.commandWaits(model: name, version: command.version, fromMicroseconds: moment))
        }
        return coordinator.schedule(command, of: name)
    }

    /// The promoted version is worse than its predecessor. What a ledger that is ahead of the stream has to say of it comes
    /// when the stream has come there.
    func rollBack(
        _ model: String, version: String, reason: String, coordinator: Coordinator
    ) throws -> [CoordinatorAction] {
        guard coordinator.models[model]?.upcoming.isEmpty == true else { return [] }
        _ = try parts.registry.rollback(
            model: model, expected: version, reason: reason, now: coordinator.nowMicroseconds)
        coordinator.coolDown(model)
        return synchroniseChampions(with: coordinator)
    }
}

extension StreamPosition {
    /// How far windows have been said, by the newest end of each kind.
    init(newestEnds: [String: Int64]) {
        self = .beginning
        for (name, end) in newestEnds {
            if JudgedWindow.Kind(rawValue: name)?.isOfPairs == true {
                pairsMicroseconds = max(pairsMicroseconds, end)
            } else {
                predictionsMicroseconds = max(predictionsMicroseconds, end)
            }
        }
    }
}
