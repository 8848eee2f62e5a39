# The app of the first tutorial: people sign in with JSON at POST /login, and GET /protected opens for their JWT.
# HS256 with one secret, passwords compared as they are: the least work that still is an API with a login.
import datetime
import functools
import os

import jwt
from flask import Flask, jsonify, request

app = Flask(__name__)
app.config['SECRET_KEY'] = os.environ['BENCH_SECRET']
users = {os.environ['BENCH_EMAIL']: os.environ['BENCH_PASSWORD']}


def token_required(view):
    @functools.wraps(view)
    def decorated(*args, **kwargs):
        header = request.headers.get('Authorization', '')
        if not header.startswith('Bearer '):
            return jsonify({'message': 'Token is missing!'}), 401
        try:
            data = jwt.decode(header[len('Bearer '):], app.config['SECRET_KEY'], algorithms=['HS256'])
        except jwt.InvalidTokenError:
            return jsonify({'message': 'Token is invalid!'}), 401
        return view(data['user'], *args, **kwargs)

    return decorated


@app.route('/login', methods=['POST'])
def login():
    typed = request.get_json()
    if users.get(typed['email']) != typed['password']:
        return jsonify({'message': 'Could not verify!'}), 401
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    token = jwt.encode({'user': typed['email'], 'exp': expires}, app.config['SECRET_KEY'], algorithm='HS256')
    return jsonify({'token': token})


@app.route('/protected')
@token_required
def protected(user):
    return jsonify({'message': f'Hello, {user}!'})
